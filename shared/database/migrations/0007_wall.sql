-- Up Migration
-- What walls and lists ask of every object there is, so that a hundred thousand are gone through without their bodies.

ALTER TABLE inventory
  -- Its trouble is recorded and opens no incident.
  ADD COLUMN quiet boolean GENERATED ALWAYS AS (entity = 'object' AND coalesce(body -> 'quiet' = 'true'::jsonb, false)) STORED,
  -- What a device is for, such as `landing`: the backbone reaches its province through it.
  ADD COLUMN role text GENERATED ALWAYS AS (CASE entity WHEN 'object' THEN body -> 'attributes' ->> 'role' END) STORED;

-- A tenth of the table, and read in place of it.
CREATE INDEX inventory_shown ON inventory (id) INCLUDE (division, kind, class, name, quiet, role, pinged, resolution_ms)
  WHERE entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL;

-- The table was written anew, and nothing is known of the new columns until somebody looks.
ANALYZE inventory;
