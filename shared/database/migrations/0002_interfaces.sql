-- Up Migration

-- The interfaces of a device, and whatever else hangs on an object.
CREATE INDEX inventory_parents ON inventory USING gin ((body -> 'dependency' -> 'parents'))
  WHERE entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL;

-- `watermark` is that of ICMP where a partition has any: agents are asked every few minutes, and what is pinged must not wait for
-- them. This one is that of the agents and their interfaces; null where there are none.
ALTER TABLE partition_states ADD COLUMN agents_watermark bigint;
