-- Up Migration

-- The interfaces of a device, and whatever else hangs on an object.
CREATE INDEX inventory_parents ON inventory USING gin ((body -> 'dependency' -> 'parents'))
  WHERE entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL;

-- What changed since a version of the inventory: readers follow it by the rows written after those they know.
CREATE INDEX inventory_recorded ON inventory (recorded_at);
