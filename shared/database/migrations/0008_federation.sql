-- Up Migration
-- Federation (decision 0026): nodes below that report here, the node above that this one reports to, and what passes between them.
-- Keys lie sealed by the node's sealing key: a copy of the database alone speaks for nobody.

-- The authority that the certificates of nodes below hang on: made when the first one is invited.
CREATE TABLE federation_authority (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  certificate text NOT NULL,            -- PEM
  sealed_key text NOT NULL,
  created_at bigint NOT NULL
);

-- What this node shows to those below on its own listener: renewed by itself.
CREATE TABLE federation_server (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  certificate text NOT NULL,
  sealed_key text NOT NULL,
  names text[] NOT NULL,
  not_after bigint NOT NULL,
  url text                              -- where nodes below reach the listener; invitations name it
);

-- One row a node that was ever let in directly (`via` null), or is spoken for by such a one.
CREATE TABLE federation_nodes (
  node text PRIMARY KEY,
  via text REFERENCES federation_nodes (node),
  name text NOT NULL,
  name_en text,
  division text NOT NULL,
  time_zone text NOT NULL,
  enrolled_at bigint NOT NULL,
  removed_at bigint,
  -- The log: the place that is applied, in the transaction of what was applied.
  incarnation uuid,
  sequence bigint NOT NULL DEFAULT 0,
  hash text,
  -- Up to when its record is here: the watermark of figures. Of a node that is spoken for, its own.
  observed_pinged bigint NOT NULL DEFAULT 0,
  observed_all bigint NOT NULL DEFAULT 0,
  observed_composed bigint NOT NULL DEFAULT 0,
  -- Watermarks told for places of the log that are not applied yet: [{log, pinged, all, composed}], the first and the newest.
  observed_pending jsonb NOT NULL DEFAULT '[]',
  -- An incarnation that went on from a back-up knows nothing of what the one before told until here: that stays.
  kept_until bigint,
  -- The snapshot: the latest wins. `present_at`: the moment that the states shown are of.
  snapshot_version bigint NOT NULL DEFAULT 0,
  present_at bigint,
  -- While the log is behind, the states of this moment are the snapshot's; they are the record's again once this line is applied.
  behind_until bigint,
  behind_from bigint,                   -- last row of transitions when it fell behind: what was written since is told once it has caught up
  -- The link.
  heard_at bigint,                      -- the last message that was taken, our clock
  silent_since bigint,                  -- null: it is heard
  offset_ms bigint,
  round_trip_ms integer,
  software text,
  capabilities text[] NOT NULL DEFAULT '{}',
  refused jsonb                         -- the last refusal: {at, code, detail, sequence}; null once something was taken after it
);
CREATE INDEX federation_nodes_via ON federation_nodes (via) WHERE via IS NOT NULL;

-- Every incarnation that spoke: an older one is never heard again.
CREATE TABLE federation_incarnations (
  node text NOT NULL REFERENCES federation_nodes (node),
  incarnation uuid NOT NULL,
  begun_at bigint NOT NULL,
  superseded_at bigint,
  sequence bigint NOT NULL DEFAULT 0,   -- where it ended here
  hash text,
  previous jsonb,                       -- LogPlace of the one before that it goes on from
  known_until bigint,
  PRIMARY KEY (node, incarnation)
);

-- Places of logs by which a common one is found again; thinned out with age.
CREATE TABLE federation_marks (
  node text NOT NULL,
  incarnation uuid NOT NULL,
  sequence bigint NOT NULL,
  hash text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (node, incarnation, sequence)
);

CREATE TABLE federation_invitations (
  id uuid PRIMARY KEY,
  node text NOT NULL,
  division text NOT NULL,
  name text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  withdrawn_at bigint
);

CREATE TABLE federation_enrolments (
  id uuid PRIMARY KEY,
  invitation uuid NOT NULL REFERENCES federation_invitations (id),
  node text NOT NULL,
  division text NOT NULL,
  name text NOT NULL,
  software text NOT NULL,
  request text NOT NULL,                -- PKCS #10, PEM
  key_fingerprint text NOT NULL,        -- SHA-256 of the public key (SPKI, DER)
  source text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
  requested_at bigint NOT NULL,
  decided_at bigint,
  decided_by text,
  reason text,
  certificate text
);
CREATE UNIQUE INDEX federation_enrolments_waiting ON federation_enrolments (invitation) WHERE state <> 'refused';

CREATE TABLE federation_certificates (
  serial text PRIMARY KEY,
  node text NOT NULL,
  division text NOT NULL,
  fingerprint text NOT NULL,            -- SHA-256 of the certificate (DER)
  certificate text NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  issued_at bigint NOT NULL,
  issued_by text NOT NULL,
  revoked_at bigint,
  revoked_by text,
  reason text
);
CREATE INDEX federation_certificates_node ON federation_certificates (node);

-- What is to be done or known by a node below: ends with its receipt.
CREATE TABLE federation_downward (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,                -- id of the incident, objective or calendar
  payload jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  superseded_at bigint,                 -- a newer item about the same subject says it all
  fetched_at bigint,
  outcome text CHECK (outcome IN ('applied', 'accepted', 'declined', 'refused')),
  receipt jsonb
);
CREATE INDEX federation_downward_subject ON federation_downward (subject, node);
CREATE INDEX federation_downward_open ON federation_downward (node, number) WHERE outcome IS NULL AND superseded_at IS NULL;

-- Objectives and calendars that hold below as well.
CREATE TABLE federation_distribution (
  kind text NOT NULL CHECK (kind IN ('objective', 'calendar')),
  id text NOT NULL,
  chosen_at bigint NOT NULL,
  chosen_by text NOT NULL,
  ended_at bigint,
  PRIMARY KEY (kind, id)
);

-- What a node below says its day was, and whether the record here says the same.
CREATE TABLE federation_rollups (
  node text NOT NULL,
  date date NOT NULL,
  division text NOT NULL,
  class text NOT NULL,
  sequence bigint NOT NULL,
  body jsonb NOT NULL,                  -- RollupPayload
  received_at bigint NOT NULL,
  compared_at bigint,
  difference jsonb,                     -- null after a comparison: the same to the millisecond
  PRIMARY KEY (node, date, division, class)
);

-- The node above.
CREATE TABLE uplink (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  url text NOT NULL,
  state text NOT NULL CHECK (state IN ('enrolling', 'enrolled', 'left')),
  sealed_token text,                    -- of the invitation, until the certificate is there
  enrolment uuid,
  code text,
  authority text,                       -- PEM
  authority_fingerprint text NOT NULL,
  parent text,                          -- id of the node above
  certificate text,
  sealed_key text NOT NULL,
  not_after bigint,
  next_certificate text,                -- being renewed
  next_sealed_key text,
  joined_at bigint NOT NULL,
  -- The chain.
  incarnation uuid NOT NULL,
  previous jsonb,                       -- LogPlace
  known_until bigint,
  built bigint NOT NULL DEFAULT 0,      -- last line made
  built_hash text,
  acknowledged bigint NOT NULL DEFAULT 0,
  acknowledged_at bigint,
  -- Up to where the record is in lines, beside the place of the reader `uplink` in the log.
  inventory_row bigint NOT NULL DEFAULT 0,
  event_row bigint NOT NULL DEFAULT 0,
  rolled_up_to date,
  building jsonb NOT NULL DEFAULT '{}',  -- database: Building: how far the first synchronisation is, and up to when the record is in lines
  wanted jsonb NOT NULL DEFAULT '[]',    -- [[day, bucket]]: found to differ above: to be told anew as it is known here
  acknowledged_days jsonb NOT NULL DEFAULT '[]', -- [[at, sequence]]: one a day, by which lines are kept after their acknowledgement
  -- The link.
  heard_at bigint,
  offset_ms bigint,
  failure jsonb,                        -- {at, code, detail}; null: the last call was answered well
  downward bigint NOT NULL DEFAULT 0
);

-- Lines as they are sent, byte for byte. Kept past the acknowledgement: whoever is above may have to begin further back.
CREATE TABLE uplink_log (
  sequence bigint PRIMARY KEY,
  line text NOT NULL,
  hash text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX uplink_log_at ON uplink_log USING brin (at);

-- What came from above, and what became of it here. The receipt is told until it is taken.
CREATE TABLE uplink_items (
  number bigint PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  payload jsonb NOT NULL,
  received_at bigint NOT NULL,
  outcome text CHECK (outcome IN ('applied', 'accepted', 'declined', 'refused')),
  receipt jsonb,
  told_at bigint
);
CREATE INDEX uplink_items_untold ON uplink_items (number) WHERE outcome IS NOT NULL AND told_at IS NULL;

-- Incidents of several tiers: one id, one timeline, an owner and clocks at each.
ALTER TABLE incidents DROP CONSTRAINT incidents_kind_check;
ALTER TABLE incidents ADD CONSTRAINT incidents_kind_check CHECK (kind IN ('outage', 'early-warning', 'condition', 'flapping', 'link'));
ALTER TABLE incidents ADD COLUMN home text;           -- the node where it was opened, and whose word its facts are; null: this one
ALTER TABLE incidents ADD COLUMN title_en text;       -- of one opened elsewhere
ALTER TABLE incidents ADD COLUMN taken boolean NOT NULL DEFAULT true; -- false: told of by a node below, and nobody here has to act
ALTER TABLE incidents ADD COLUMN escalated jsonb;     -- {at, by, note}: this tier asked the one above
ALTER TABLE incidents ADD COLUMN asked jsonb;         -- {node, at, by, note, takenAt}: a tier below asked this one
ALTER TABLE incidents ADD COLUMN handed jsonb;        -- contracts: HandedIncident: given to a node below, or come from the one above
DROP INDEX incidents_active_cause;
CREATE UNIQUE INDEX incidents_active_cause ON incidents (cause_object, kind, condition) NULLS NOT DISTINCT
  WHERE state IN ('open', 'acknowledged') AND home IS NULL;
CREATE TABLE incident_tiers (
  incident_id uuid NOT NULL REFERENCES incidents (id),
  node text NOT NULL,
  body jsonb NOT NULL,                  -- TierView
  updated_at bigint NOT NULL,
  PRIMARY KEY (incident_id, node)
);
ALTER TABLE incident_events ADD COLUMN node text;     -- the tier where it was written; null: here
ALTER TABLE incident_events ADD COLUMN line text;     -- its id there
-- Its own lines are given their id when they are first told.
ALTER TABLE incident_events ADD COLUMN told boolean NOT NULL DEFAULT false;    -- to the node above
ALTER TABLE incident_members ADD COLUMN told bigint;  -- left_at as the node above was last told; 0: still in; null: never told of it
CREATE UNIQUE INDEX incident_events_line ON incident_events (incident_id, line) WHERE line IS NOT NULL;

-- Whose planned work and whose restatement it is, and when it was taken in here as it stands: its own times are by the clock of that node, and
-- may lie long before. Null: of this node. Closed periods are looked at again by these moments.
ALTER TABLE maintenance ADD COLUMN node text;
ALTER TABLE maintenance ADD COLUMN received_at bigint;
ALTER TABLE reclassifications ADD COLUMN node text;
ALTER TABLE reclassifications ADD COLUMN received_at bigint;
-- What planned work of another node covered until it was told anew: of that, too, closed periods are looked at again.
CREATE TABLE maintenance_replaced (
  received_at bigint NOT NULL,
  objects text[] NOT NULL,
  divisions text[] NOT NULL,
  starts_at bigint NOT NULL
);
-- The same of whom outages are charged to.
ALTER TABLE incidents ADD COLUMN told_at bigint;              -- when another tier last told something new of what it is about, or of who is in it
ALTER TABLE incident_events ADD COLUMN received_at bigint;    -- of a line written at another tier: when it was taken in here
CREATE INDEX incidents_told ON incidents (told_at) WHERE told_at IS NOT NULL;

-- Of an object of another node: which. Nobody here probes, judges, composes or correlates it.
ALTER TABLE inventory ADD COLUMN remote text GENERATED ALWAYS AS (body -> 'remote' ->> 'node') STORED;
-- Of lists of nodes: how many objects each has, and what is seen of its landing device from here.
CREATE INDEX inventory_remote ON inventory (remote) WHERE remote IS NOT NULL AND entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL;
CREATE INDEX inventory_landing ON inventory (division)
  WHERE entity = 'object' AND superseded_at IS NULL AND valid_to IS NULL AND body -> 'attributes' ->> 'role' = 'landing';
ANALYZE inventory;
