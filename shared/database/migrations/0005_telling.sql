-- Up Migration
-- Who is told, how, and proof of it (decision 0019): notices are routed to deliveries, which are grouped, held back, diverted and proved.

-- What an incident is about: an outage, an objective's budget, a condition on samples or states, an object that comes and goes.
ALTER TABLE incidents DROP CONSTRAINT incidents_kind_check;
ALTER TABLE incidents ADD CONSTRAINT incidents_kind_check CHECK (kind IN ('outage', 'early-warning', 'condition', 'flapping'));
ALTER TABLE incidents ADD COLUMN condition text;                -- of a condition: which
ALTER TABLE incidents ADD COLUMN facts jsonb;                   -- of a condition or of flapping: what was found (contracts: ConditionFacts, FlappingFacts)
ALTER TABLE incidents ADD COLUMN blast jsonb;                   -- whom it cut off, and who lost redundancy alone (contracts: BlastRadius); of outages
ALTER TABLE incidents ADD COLUMN merged_into uuid REFERENCES incidents (id);
ALTER TABLE incidents ADD COLUMN split_from uuid REFERENCES incidents (id);
ALTER TABLE incidents ADD COLUMN respond_by bigint;             -- clocks, fixed when it was opened or got worse; null: none
ALTER TABLE incidents ADD COLUMN repair_by bigint;
ALTER TABLE incidents ADD COLUMN routes text[] NOT NULL DEFAULT '{}'; -- the routes its first notice took
DROP INDEX incidents_active_cause;
CREATE UNIQUE INDEX incidents_active_cause ON incidents (cause_object, kind, condition) NULLS NOT DISTINCT WHERE state IN ('open', 'acknowledged');
CREATE INDEX incidents_merged ON incidents (merged_into) WHERE merged_into IS NOT NULL;

-- What people are to be told, now or at a time to come (repeats, escalation steps, clocks are notices not yet due). Written in the
-- transaction of what it tells; taken once, by the router, in the transaction that writes the deliveries. A notice of the same
-- incident, step and occasion is one notice however often it is written.
CREATE TABLE notices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incident_id uuid REFERENCES incidents (id),   -- null: about no incident (a hand-over of duty)
  step text NOT NULL,                  -- contracts: NOTICE_STEPS
  occasion text NOT NULL DEFAULT '',   -- tells steps of one name apart: the severity, the number of a repeat, …
  body jsonb NOT NULL DEFAULT '{}',    -- contracts: NoticeBody
  decided_at bigint NOT NULL,          -- when the evidence was complete
  due_at bigint NOT NULL,
  created_at bigint NOT NULL,
  taken_at bigint,
  outcome text,                        -- what became of it: told | withheld | nobody | over | failed
  UNIQUE NULLS NOT DISTINCT (incident_id, step, occasion)
);
CREATE INDEX notices_due ON notices (due_at, id) WHERE taken_at IS NULL;

-- One row per message to one contact at one of his targets about one step of one incident, as before. Rows of a group that are sent
-- in one message are `grouped`: the row `carrier` (step `group`, no incident) is the message, and its fate is theirs.
ALTER TABLE deliveries ALTER COLUMN incident_id DROP NOT NULL;
ALTER TABLE deliveries ADD COLUMN occasion text NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN route text;                   -- the route that named the contact first; null: named by an act (an assignment)
ALTER TABLE deliveries ADD COLUMN because jsonb NOT NULL DEFAULT '{}'; -- contracts: DeliveryBecause
ALTER TABLE deliveries ADD COLUMN carrier uuid REFERENCES deliveries (id);
ALTER TABLE deliveries ADD COLUMN group_key text;               -- of a row that waits or was grouped, and of the carrier
ALTER TABLE deliveries ADD COLUMN released_at bigint;           -- when routing let it go; null while it waits or is withheld
ALTER TABLE deliveries ADD COLUMN first_attempt_at bigint;
-- The contact's target as configured. `channel` and `address` are where it goes now: a fallback, when the target's channel stays down.
ALTER TABLE deliveries ADD COLUMN target_channel text;
ALTER TABLE deliveries ADD COLUMN target_address text;
ALTER TABLE deliveries ADD COLUMN fallbacks jsonb NOT NULL DEFAULT '[]'; -- [{channel, address}] still to be tried, in order
ALTER TABLE deliveries ADD COLUMN diverted jsonb NOT NULL DEFAULT '[]';  -- [{at, channel, address, why}] that were given up
-- What keeps a message back that is due: its channel is down (`breaker`) or has sent as many as it may (`limit`); and its rank there (0 first).
ALTER TABLE deliveries ADD COLUMN held text CHECK (held IN ('breaker', 'limit'));
ALTER TABLE deliveries ADD COLUMN held_rank smallint NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN held_since bigint;
CREATE INDEX deliveries_unfinished ON deliveries (state) WHERE state NOT IN ('delivered', 'cancelled');
CREATE INDEX deliveries_held ON deliveries (channel, held, held_rank) WHERE held IS NOT NULL;
UPDATE deliveries SET target_channel = channel, target_address = address,
  released_at = CASE WHEN state = 'withheld' THEN NULL ELSE created_at END;
ALTER TABLE deliveries ALTER COLUMN target_channel SET NOT NULL;
DO $$ DECLARE name text; BEGIN
  SELECT conname INTO name FROM pg_constraint WHERE conrelid = 'deliveries'::regclass AND contype = 'u';
  EXECUTE format('ALTER TABLE deliveries DROP CONSTRAINT %I', name);
END $$;
CREATE UNIQUE INDEX deliveries_once ON deliveries (incident_id, step, occasion, contact, target_channel, target_address)
  NULLS NOT DISTINCT WHERE incident_id IS NOT NULL;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check CHECK (state IN
  ('waiting', 'withheld', 'grouped', 'pending', 'sending', 'retrying', 'delivered', 'uncertain', 'dead', 'cancelled'));
CREATE INDEX deliveries_withheld ON deliveries (incident_id) WHERE state = 'withheld';
CREATE INDEX deliveries_waiting ON deliveries (group_key) WHERE state = 'waiting';
CREATE INDEX deliveries_carrier ON deliveries (carrier) WHERE carrier IS NOT NULL;
ALTER TABLE delivery_attempts ADD COLUMN channel text;
ALTER TABLE delivery_attempts ADD COLUMN address text;
ALTER TABLE delivery_attempts ADD COLUMN digest text;           -- SHA-256 (hex) of what was sent

-- How much a group of messages (one route, one contact and target, one value of what it is grouped by) may still say.
CREATE TABLE delivery_groups (
  key text PRIMARY KEY,
  flush_at bigint,                     -- when what waits is to go; null: nothing waits
  allowed_at bigint NOT NULL,          -- theoretical arrival time of the rate limit (GCRA)
  touched_at bigint NOT NULL
);
CREATE INDEX delivery_groups_due ON delivery_groups (flush_at) WHERE flush_at IS NOT NULL;

-- What is known of a channel: its circuit breaker and its rate limit.
CREATE TABLE channel_states (
  channel text PRIMARY KEY,
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half-open')),
  failures integer NOT NULL DEFAULT 0, -- in a row
  openings integer NOT NULL DEFAULT 0, -- in a row: each pause before the next probe is longer
  opened_at bigint,
  probe_at bigint,                     -- when one message may try it again
  sent_at bigint[] NOT NULL DEFAULT '{}', -- the last messages within its rate limit's time, oldest first
  last_error text,
  changed_at bigint NOT NULL DEFAULT 0
);

-- Who stands in for whom, beside what the configuration says.
CREATE TABLE rota_overrides (
  id uuid PRIMARY KEY,
  rota text NOT NULL,
  contact text NOT NULL,
  starts_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  reason text NOT NULL,
  author text NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  ended_by text,
  CHECK (ends_at > starts_at)
);
CREATE INDEX rota_overrides_rota ON rota_overrides (rota, ends_at);

-- What was looked at when an incident was opened: the way to its cause, the last samples of its interfaces.
CREATE TABLE incident_captures (
  incident_id uuid NOT NULL REFERENCES incidents (id),
  kind text NOT NULL CHECK (kind IN ('traceroute', 'samples')),
  target text NOT NULL,                -- an address; an interface or a check
  state text NOT NULL CHECK (state IN ('asked', 'done', 'failed')),
  asked_at bigint NOT NULL,
  done_at bigint,
  body jsonb,
  error text,
  attempt integer NOT NULL DEFAULT 0,
  due_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (incident_id, kind, target)
);
CREATE INDEX incident_captures_due ON incident_captures (due_at) WHERE state = 'asked';

-- Conditions on samples and states: what holds now, per condition and object. A row is there only while something is afoot.
CREATE TABLE condition_states (
  condition text NOT NULL,
  object_id text NOT NULL,
  body jsonb NOT NULL,                 -- services/conditions: ConditionMemory
  incident uuid REFERENCES incidents (id),
  updated_at bigint NOT NULL,
  PRIMARY KEY (condition, object_id)
);
CREATE TABLE condition_offsets (
  stream text PRIMARY KEY,
  last_id text NOT NULL,
  body jsonb NOT NULL DEFAULT '{}',
  updated_at bigint NOT NULL
);

-- Silences may name more than objects, divisions and severities.
ALTER TABLE silences ADD COLUMN classes text[] NOT NULL DEFAULT '{}';
ALTER TABLE silences ADD COLUMN parties text[] NOT NULL DEFAULT '{}';
ALTER TABLE silences ADD COLUMN kinds text[] NOT NULL DEFAULT '{}';

-- A transaction that shows its lease holds up whoever would take it (a new epoch), and not its renewal (lease.ts: FOR KEY SHARE).
CREATE UNIQUE INDEX leases_epoch ON leases (name, epoch);
