-- Up Migration
-- The record. All times are epoch milliseconds, UTC, as bigint: exact, and the same number in SQL, JavaScript and JSON.
-- Valid time (when it was so) and recorded time (when we knew) are kept apart everywhere; nothing is ever deleted.

-- Who this node is. `incarnation` changes when a back-up is restored; `partitions` never changes.
CREATE TABLE node_identity (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  node text NOT NULL,
  incarnation uuid NOT NULL,
  partitions integer NOT NULL CHECK (partitions > 0),
  created_at bigint NOT NULL
);

-- Bitemporal inventory: one row per entity and version. Current: superseded_at and valid_to are null.
-- A change closes the old row (by superseding it and writing it again with valid_to) and opens a new one.
CREATE TABLE inventory (
  row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entity text NOT NULL,
  id text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('file', 'api', 'federation', 'discovery')),
  body jsonb NOT NULL,
  valid_from bigint NOT NULL,
  valid_to bigint,
  recorded_at bigint NOT NULL,
  recorded_by text NOT NULL,
  superseded_at bigint,
  division text GENERATED ALWAYS AS (body ->> 'division') STORED,
  kind text GENERATED ALWAYS AS (body ->> 'kind') STORED,
  class text GENERATED ALWAYS AS (body ->> 'class') STORED,
  name text GENERATED ALWAYS AS (body ->> 'name') STORED,
  CHECK (valid_to IS NULL OR valid_to >= valid_from)
);
CREATE UNIQUE INDEX inventory_current ON inventory (entity, id) WHERE superseded_at IS NULL AND valid_to IS NULL;
CREATE UNIQUE INDEX inventory_valid ON inventory (entity, id, valid_from) WHERE superseded_at IS NULL;
CREATE INDEX inventory_division ON inventory (entity, division text_pattern_ops) WHERE superseded_at IS NULL AND valid_to IS NULL;

-- One row: the version of the inventory as a whole; every apply that changed anything adds one.
CREATE TABLE inventory_version (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version bigint NOT NULL,
  applied_at bigint NOT NULL,
  applied_by text NOT NULL
);
INSERT INTO inventory_version (version, applied_at, applied_by) VALUES (0, 0, 'migration');

-- A short number for each check, for ever; observation batches carry it instead of the text.
CREATE TABLE checks (
  key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  object_id text NOT NULL,
  first_seen bigint NOT NULL
);

-- Leases with fencing: whoever writes under a lease checks in the same transaction that the epoch is still its own.
CREATE TABLE leases (
  name text PRIMARY KEY,
  holder text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL
);

-- What a partition's reader knew when it last committed, and up to which stream entry.
CREATE TABLE partition_states (
  partition integer PRIMARY KEY,
  epoch bigint NOT NULL,
  stream_offset text NOT NULL,
  snapshot bytea NOT NULL,
  -- Everything of this partition before this moment (event time) has been judged; after it nothing is known yet.
  watermark bigint NOT NULL,
  saved_at bigint NOT NULL
);
-- Columns of numbers hardly shrink: do not spend a core on trying.
ALTER TABLE partition_states ALTER COLUMN snapshot SET STORAGE EXTERNAL;

-- Every change of state of every object and check. A revision supersedes rows and writes others; none is edited.
CREATE TABLE transitions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_kind text NOT NULL CHECK (subject_kind IN ('object', 'check')),
  subject text NOT NULL,
  object_id text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  at bigint NOT NULL,
  earliest bigint NOT NULL,
  latest bigint NOT NULL,
  reason text NOT NULL,
  resolution_ms integer NOT NULL,
  decided_at bigint NOT NULL,
  epoch bigint NOT NULL,
  recorded_at bigint NOT NULL,
  superseded_at bigint,
  CHECK (earliest <= at AND at <= latest)
);
CREATE INDEX transitions_subject ON transitions (subject, at) WHERE superseded_at IS NULL;
CREATE INDEX transitions_time ON transitions (at) WHERE superseded_at IS NULL AND subject_kind = 'object';

-- The latest state of each subject: a projection of transitions, written in the same transaction.
CREATE TABLE current_states (
  subject text PRIMARY KEY,
  subject_kind text NOT NULL,
  object_id text NOT NULL,
  state text NOT NULL,
  since bigint NOT NULL,
  reason text NOT NULL,
  transition bigint NOT NULL
);
CREATE INDEX current_states_object ON current_states (object_id);
CREATE INDEX current_states_state ON current_states (subject_kind, state);

-- The ordered log and its outbox in one: written without a sequence in the transaction of what it tells; the single
-- dispatcher gives it one after that commit, so a reader that goes by sequence never meets a gap that fills later.
CREATE TABLE log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sequence bigint UNIQUE,
  kind text NOT NULL,
  subject text NOT NULL,
  body jsonb NOT NULL,
  event_at bigint NOT NULL,
  recorded_at bigint NOT NULL
);
CREATE INDEX log_undispatched ON log (id) WHERE sequence IS NULL;

-- How far each reader of the log has come, committed with the effects of what it read.
CREATE TABLE log_readers (
  name text PRIMARY KEY,
  epoch bigint NOT NULL,
  sequence bigint NOT NULL,
  updated_at bigint NOT NULL
);

CREATE TABLE incidents (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'resolved', 'closed')),
  severity text NOT NULL CHECK (severity IN ('critical', 'major', 'minor', 'warning')),
  cause_object text NOT NULL,
  division text NOT NULL,
  party text,
  class text NOT NULL,
  title text NOT NULL,
  started_at bigint NOT NULL,          -- estimated edge of the outage (valid time)
  started_earliest bigint NOT NULL,
  started_latest bigint NOT NULL,
  opened_at bigint NOT NULL,           -- when we knew
  acknowledged_at bigint,
  resolved_at bigint,                  -- estimated edge of the recovery
  closed_at bigint,
  owner text,
  first_receiver text,                 -- 首问负责: accountable until closing or an accepted hand-over
  pending_owner text,
  cause_category text,
  charged_party text,
  revision integer NOT NULL DEFAULT 1
);
-- At most one incident per cause is under way: replays and races cannot open a second.
CREATE UNIQUE INDEX incidents_active_cause ON incidents (cause_object) WHERE state IN ('open', 'acknowledged');
CREATE INDEX incidents_opened ON incidents (opened_at);

-- The cause and the symptoms of an incident, with when each joined and left.
CREATE TABLE incident_members (
  incident_id uuid NOT NULL REFERENCES incidents (id),
  object_id text NOT NULL,
  role text NOT NULL CHECK (role IN ('cause', 'symptom')),
  joined_at bigint NOT NULL,
  left_at bigint,
  PRIMARY KEY (incident_id, object_id, joined_at)
);
CREATE INDEX incident_members_object ON incident_members (object_id) WHERE left_at IS NULL;

CREATE TABLE incident_events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incidents (id),
  at bigint NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX incident_events_incident ON incident_events (incident_id, id);

-- Outages whose cause is not settled: a fresh look at the parents is awaited before anybody is told.
CREATE TABLE correlation_pending (
  object_id text PRIMARY KEY,
  body jsonb NOT NULL,
  decide_by bigint NOT NULL
);

-- One row per message to one contact by one channel: the outbox of what leaves. It ends only when its result is recorded.
CREATE TABLE deliveries (
  id uuid PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incidents (id),
  step text NOT NULL,                  -- opened | escalated | resolved | …
  contact text NOT NULL,
  channel text NOT NULL,
  address text,
  language text NOT NULL,
  payload jsonb NOT NULL,              -- the event as it was when it was decided: {id, type, time, node, incident}
  follows uuid REFERENCES deliveries (id),   -- a resolution waits for, and goes only where, its alarm went
  state text NOT NULL CHECK (state IN ('pending', 'sending', 'retrying', 'delivered', 'uncertain', 'dead', 'cancelled', 'withheld')),
  attempt integer NOT NULL DEFAULT 0,
  in_doubt integer NOT NULL DEFAULT 0, -- attempts whose result is unknown
  created_at bigint NOT NULL,
  due_at bigint NOT NULL,
  claimed_at bigint,
  claimed_by text,
  finished_at bigint,
  last_error text,                     -- of the last attempt; of a withheld one, what withholds it: "silence <id>", "maintenance <id>", …
  decided_at bigint NOT NULL,          -- when the evidence was complete; what the latency is measured against
  attempt_base integer NOT NULL DEFAULT 0, -- attempts made before it was last retried by hand; they do not count against the limit
  UNIQUE NULLS NOT DISTINCT (incident_id, step, contact, channel, address)
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state IN ('pending', 'sending', 'retrying');
CREATE INDEX deliveries_follows ON deliveries (follows);

CREATE TABLE delivery_attempts (
  delivery_id uuid NOT NULL REFERENCES deliveries (id),
  attempt integer NOT NULL,
  started_at bigint NOT NULL,
  ended_at bigint,
  outcome text,                        -- delivered | retry | rejected | in-doubt
  status integer,                      -- HTTP or SMTP code
  response text,                       -- what the receiver answered, shortened
  PRIMARY KEY (delivery_id, attempt)
);

CREATE TABLE maintenance (
  id uuid PRIMARY KEY,
  title text NOT NULL,
  objects text[] NOT NULL,
  divisions text[] NOT NULL,
  starts_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  approved_at bigint,
  approved_by text,
  cancelled_at bigint,
  cancelled_by text,
  revision integer NOT NULL DEFAULT 1,
  CHECK (ends_at > starts_at)
);

CREATE TABLE silences (
  id uuid PRIMARY KEY,
  objects text[] NOT NULL,
  divisions text[] NOT NULL,
  severities text[] NOT NULL,
  reason text NOT NULL,
  author text NOT NULL,
  created_at bigint NOT NULL,
  starts_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  ended_at bigint,
  ended_by text,
  CHECK (ends_at > starts_at)
);

-- Per object and local day (of the time zone named): the four states in ms, and down at its least and its most (where
-- "most" counts unknown as down). up + down + unknown + excluded = total. A half-year is a sum of these. A projection of
-- transitions, maintenance and inventory: a row is taken away when something about its day is recorded later, and made anew.
CREATE TABLE daily_accounting (
  object_id text NOT NULL,
  day date NOT NULL,
  time_zone text NOT NULL,
  total_ms integer NOT NULL,
  up_ms integer NOT NULL,
  down_ms integer NOT NULL,
  unknown_ms integer NOT NULL,
  excluded_ms integer NOT NULL,
  degraded_ms integer NOT NULL,
  down_least_ms integer NOT NULL,
  down_most_ms integer NOT NULL,
  up_with_maintenance_ms integer NOT NULL,
  down_with_maintenance_ms integer NOT NULL,
  computed_at bigint NOT NULL,
  PRIMARY KEY (object_id, day, time_zone)
);

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE,          -- SHA-256 of the token; the token itself is shown once and kept nowhere
  roles text[] NOT NULL,
  divisions text[] NOT NULL,           -- empty string covers all
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
);

CREATE TABLE idempotency_keys (
  token_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer,
  response jsonb,
  created_at bigint NOT NULL,
  PRIMARY KEY (token_id, key)
);

CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  actor text NOT NULL,
  source text,
  action text NOT NULL,
  object text NOT NULL,
  result text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'
);
