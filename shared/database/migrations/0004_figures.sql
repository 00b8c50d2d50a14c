-- Up Migration
-- Figures one can sign (decisions 0013 and 0014): accounts by month, closed periods, evidence, revisions with a reason, reports.

-- A short number for each object, for ever: accounts are many, and text is long.
CREATE TABLE object_keys (
  key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE
);

-- What an account is an account of: the days of a time zone, the counted time of a calendar ('always' or an id), and whose
-- outages count ('experienced': all; 'responsible': those charged to the object's own party).
CREATE TABLE accounting_schemes (
  scheme smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time_zone text NOT NULL,
  calendar text NOT NULL,
  basis text NOT NULL CHECK (basis IN ('experienced', 'responsible')),
  -- Epoch ms: days up to here have been gone through. A hint for readers: what is really there is told by the rows.
  accounted_until bigint NOT NULL DEFAULT 0,
  -- No day that ends later has a row: whoever records something later has nothing to take away.
  written_until bigint NOT NULL DEFAULT 0,
  UNIQUE (time_zone, calendar, basis)
);

-- Per object and local month: the four states in ms over the days named by `days` (bit 0 is the first of the month). A
-- half-year is a sum of six. Rows of the basis 'responsible' are there only where they differ from 'experienced'.
-- A projection of transitions, maintenance, charges, calendar and inventory: a row (and its days) is taken away when
-- something about its month is recorded later, and made anew. A missing row makes a reader slower, never wrong.
CREATE TABLE accounting_months (
  scheme smallint NOT NULL REFERENCES accounting_schemes (scheme),
  month integer NOT NULL,               -- year * 12 + (month of the year, from 0)
  object integer NOT NULL REFERENCES object_keys (key),
  days integer NOT NULL,
  calendar_hash integer NOT NULL,       -- of the calendar's counted spans of this month; another hash makes the row worthless
  total_ms bigint NOT NULL,
  up_ms bigint NOT NULL,
  down_ms bigint NOT NULL,
  unknown_ms bigint NOT NULL,
  excluded_ms bigint NOT NULL,
  degraded_ms bigint NOT NULL,
  down_least_ms bigint NOT NULL,
  down_most_ms bigint NOT NULL,
  up_with_maintenance_ms bigint NOT NULL,
  down_with_maintenance_ms bigint NOT NULL,
  computed_at bigint NOT NULL,
  PRIMARY KEY (scheme, month, object)
) WITH (fillfactor = 85);
CREATE INDEX accounting_months_object ON accounting_months (object);

-- The days of those months that are not wholly and exactly up; a day whose bit is set and that has no row here was.
CREATE TABLE accounting_days (
  scheme smallint NOT NULL,
  object integer NOT NULL,
  day date NOT NULL,
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
  PRIMARY KEY (scheme, object, day)
);
-- Which objects were not wholly up on a day: for edges of periods that are not edges of months.
CREATE INDEX accounting_days_day ON accounting_days (scheme, day);
DROP TABLE daily_accounting;

-- What figures ask of an object, out of its body: to take a hundred thousand bodies apart takes seconds.
-- The longest outage that all of its checks can have missed, ms (`resolutionOf` of the domain): a closed tick that nobody took part
-- in is covered by its neighbours, up to `unknownAfter - 1` of them, and a run that is too short is not believed. An agent makes
-- what is pinged neither up nor down.
CREATE FUNCTION policy_resolution(policy jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (policy ->> 'intervalMs')::bigint
  * greatest((policy ->> 'unknownAfter')::bigint, (policy ->> 'unconfirmedDownAfter')::bigint, (policy ->> 'upAfter')::bigint);
CREATE FUNCTION checks_resolution(checks jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT coalesce(max(ms) FILTER (WHERE kind <> 'snmp'), max(ms)) FROM (
    SELECT c ->> 'kind' AS kind, policy_resolution(c -> 'policy') AS ms
    FROM jsonb_array_elements(CASE jsonb_typeof(checks) WHEN 'array' THEN checks END) AS c) AS of_each);
ALTER TABLE inventory
  ADD COLUMN party text GENERATED ALWAYS AS (body ->> 'party') STORED,
  ADD COLUMN weight double precision GENERATED ALWAYS AS (CASE entity WHEN 'object' THEN (body ->> 'weight')::double precision END) STORED,
  ADD COLUMN resolution_ms bigint GENERATED ALWAYS AS (CASE entity WHEN 'object' THEN checks_resolution(body -> 'checks') END) STORED,
  -- Its resolution is that of others: of the agents of the devices whose interfaces are its checks, or of what it is composed of.
  ADD COLUMN leans boolean GENERATED ALWAYS AS (
    entity = 'object' AND (body ? 'combines' OR jsonb_path_exists(body, '$.checks[*] ? (@.kind == "interface")'))) STORED,
  -- ICMP says of it whether it is up or down. Of a circuit whose ends are watched, these do as well.
  ADD COLUMN pinged boolean GENERATED ALWAYS AS (
    entity = 'object' AND jsonb_path_exists(body, '$.checks[*] ? (@.kind == "icmp")')
    AND NOT jsonb_path_exists(body, '$.checks[*] ? (@.kind == "interface")')) STORED;

-- Versions that begin or end within a period: few, and looked for in every figure.
CREATE INDEX inventory_begins ON inventory (valid_from) WHERE entity = 'object' AND superseded_at IS NULL;
CREATE INDEX inventory_ends ON inventory (valid_to) WHERE entity = 'object' AND superseded_at IS NULL AND valid_to IS NOT NULL;
-- All that a figure wants to know of its members: read through, it is a tenth of the table.
CREATE INDEX inventory_members ON inventory (id, valid_from DESC)
  INCLUDE (row_id, class, kind, division, party, weight, resolution_ms, leans, pinged, valid_to, name)
  WHERE entity = 'object' AND superseded_at IS NULL;

-- What meets a span of time: most edges are narrow and found by their estimate, those wider than an hour by this.
CREATE INDEX transitions_wide ON transitions (subject, latest) WHERE superseded_at IS NULL AND latest - earliest > 3600000;
CREATE INDEX transitions_wide_time ON transitions (latest)
  WHERE superseded_at IS NULL AND subject_kind = 'object' AND latest - earliest > 3600000;

-- Bytes that are kept and handed out: evidence bundles and files of reports, in parts of at most 1 MiB.
CREATE TABLE artifacts (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('evidence', 'report')),
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  sha256 bytea NOT NULL,
  created_at bigint NOT NULL
);
CREATE TABLE artifact_parts (
  artifact uuid NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
  part integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (artifact, part)
);
ALTER TABLE artifact_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Closed periods. A version is never changed; what becomes known later makes another beside it.
CREATE TABLE closed_figures (
  id uuid PRIMARY KEY,
  objective text NOT NULL,
  division text NOT NULL,
  period_from bigint NOT NULL,
  period_to bigint NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  -- What was known up to this moment (recorded time) is in it.
  known_until bigint NOT NULL,
  closed_at bigint NOT NULL,
  closed_by text NOT NULL,
  reason text NOT NULL,
  body jsonb NOT NULL,                  -- the objective, calendar and inventory version it was judged by, the figures, what changed since the version before
  evidence uuid REFERENCES artifacts (id),
  UNIQUE (objective, period_from, period_to, version)
);
CREATE TABLE closed_figure_members (
  figure uuid NOT NULL REFERENCES closed_figures (id),
  object_id text NOT NULL,
  name text NOT NULL,
  division text NOT NULL,
  party text,
  weight double precision NOT NULL,
  resolution_ms bigint NOT NULL,
  basis text NOT NULL CHECK (basis IN ('experienced', 'responsible')),
  total_ms bigint NOT NULL,
  up_ms bigint NOT NULL,
  down_ms bigint NOT NULL,
  unknown_ms bigint NOT NULL,
  excluded_ms bigint NOT NULL,
  degraded_ms bigint NOT NULL,
  down_least_ms bigint NOT NULL,
  down_most_ms bigint NOT NULL,
  up_with_maintenance_ms bigint NOT NULL,
  down_with_maintenance_ms bigint NOT NULL,
  PRIMARY KEY (figure, object_id, basis)
);

-- What is said of the past afterwards, by whom and why; never edited, only withdrawn (bitemporal like all else).
--   exclude: this was planned work (entered late, or not approved in time); count: planned work that does count after all;
--   charge: the outages of these objects in this span are charged to `party`.
CREATE TABLE reclassifications (
  id uuid PRIMARY KEY,
  effect text NOT NULL CHECK (effect IN ('exclude', 'count', 'charge')),
  objects text[] NOT NULL,
  divisions text[] NOT NULL,
  starts_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  party text,
  reason text NOT NULL CHECK (reason <> ''),
  recorded_at bigint NOT NULL,
  recorded_by text NOT NULL,
  withdrawn_at bigint,
  withdrawn_by text,
  withdrawn_reason text,
  CHECK (ends_at > starts_at),
  CHECK ((effect = 'charge') = (party IS NOT NULL))
);
CREATE INDEX reclassifications_time ON reclassifications (starts_at, ends_at);

CREATE TABLE reports (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  parameters jsonb NOT NULL,
  division text NOT NULL,               -- the scope it was made under covers this
  state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  progress integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  step text,
  attempt integer NOT NULL DEFAULT 0,
  error text,
  summary jsonb,                        -- {zh, en}: the paragraph of a report that is done
  requested_at bigint NOT NULL,
  requested_by text NOT NULL,
  schedule text,                        -- id of the schedule that asked for it, and the period it is for
  schedule_period text,
  started_at bigint,
  finished_at bigint,
  claimed_by text,                      -- who makes it, and until when its claim holds
  lapses_at bigint,
  UNIQUE (schedule, schedule_period)
);
CREATE INDEX reports_requested ON reports (requested_at);
CREATE TABLE report_files (
  report uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  format text NOT NULL,
  artifact uuid NOT NULL REFERENCES artifacts (id),
  PRIMARY KEY (report, language, format)
);
-- E-mails of scheduled reports: one row a receiver, ended only with its result.
CREATE TABLE report_mails (
  id uuid PRIMARY KEY,
  report uuid NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  contact text NOT NULL,
  channel text NOT NULL,
  address text NOT NULL,
  language text NOT NULL CHECK (language IN ('zh', 'en')),
  state text NOT NULL CHECK (state IN ('pending', 'sending', 'retrying', 'delivered', 'uncertain', 'dead')),
  attempt integer NOT NULL DEFAULT 0,
  due_at bigint NOT NULL,
  claimed_at bigint,
  claimed_by text,
  finished_at bigint,
  last_error text,
  UNIQUE (report, contact, channel, address)
);

-- An incident may be an early warning: an objective whose error budget burns too fast. Its cause is the objective.
ALTER TABLE incidents ADD COLUMN kind text NOT NULL DEFAULT 'outage' CHECK (kind IN ('outage', 'early-warning'));
ALTER TABLE incidents ADD COLUMN objective text;

-- What a node is told of its past comes in as an origin of its own: `apply` of a file never touches it.
ALTER TABLE inventory DROP CONSTRAINT inventory_origin_check;
ALTER TABLE inventory ADD CONSTRAINT inventory_origin_check CHECK (origin IN ('file', 'api', 'federation', 'discovery', 'import'));
-- Where transitions and incidents came in by an import: which one.
CREATE TABLE imports (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('inventory', 'outages')),
  source text NOT NULL,                 -- name of the file
  sha256 bytea NOT NULL,
  rows integer NOT NULL,
  imported_at bigint NOT NULL,
  imported_by text NOT NULL,
  -- Of outages: the stretch for which the file tells everything, and the shortest outage that it is sure to hold.
  covers_from bigint,
  covers_to bigint,
  resolution_ms bigint
);
ALTER TABLE transitions ADD COLUMN import uuid REFERENCES imports (id);
ALTER TABLE incidents ADD COLUMN import uuid REFERENCES imports (id);

-- Closing finds what was recorded since the version before.
CREATE INDEX transitions_recorded ON transitions USING brin (recorded_at);
CREATE INDEX transitions_superseded ON transitions (superseded_at) WHERE superseded_at IS NOT NULL;
CREATE INDEX incident_events_at ON incident_events (at);
-- Whose outages an object's were, whether over or not.
CREATE INDEX incident_members_ever ON incident_members (object_id);

-- Up to when the composer has composed all that was judged: of what is pinged, and of what is judged by agents as well. Epoch ms.
ALTER TABLE log_readers ADD COLUMN composed_pinged bigint;
ALTER TABLE log_readers ADD COLUMN composed_all bigint;
