-- Up Migration
-- Lists and the topology ask it of every object there is, and need not take apart their bodies for it.
ALTER TABLE inventory
  -- Its trouble is recorded and opens no incident.
  ADD COLUMN quiet boolean GENERATED ALWAYS AS (entity = 'object' AND coalesce(body -> 'quiet' = 'true'::jsonb, false)) STORED;

-- The table was written anew, and nothing is known of the new column until somebody looks.
ANALYZE inventory;
