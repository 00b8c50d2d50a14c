-- Up Migration
-- How far a partition's stream is judged. Nothing changed between `stream_offset`, up to which the snapshot goes, and here.
ALTER TABLE partition_states ADD COLUMN judged_offset text;
