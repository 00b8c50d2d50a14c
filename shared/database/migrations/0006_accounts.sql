-- Up Migration
-- People who sign in, what they may, and a record of what they did that nobody can change unseen. Times are epoch milliseconds, UTC.

-- One person each. A password is stored as argon2id (PHC string), a second factor's secret sealed by the node's key.
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  name text NOT NULL,                    -- what is typed to sign in; stands in the audit, in owners of incidents
  display_name text NOT NULL,
  email text,
  roles text[] NOT NULL,
  divisions text[] NOT NULL,             -- empty string covers all, an empty list nothing
  password_hash text,                    -- null: signs in by the identity provider only
  password_set_at bigint,
  password_history text[] NOT NULL DEFAULT '{}',
  must_change boolean NOT NULL DEFAULT false,
  one_time_until bigint,                 -- a password set by somebody else is good until then
  failures integer NOT NULL DEFAULT 0,
  locked_until bigint,
  second_factor bytea,                   -- sealed TOTP secret
  second_factor_since bigint,            -- null while it was shown but not yet confirmed
  second_factor_step bigint,             -- last time step used: a code is good once
  recovery_codes bytea[] NOT NULL DEFAULT '{}',
  oidc_issuer text,
  oidc_subject text,
  disabled_at bigint,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  last_sign_in_at bigint,
  revision integer NOT NULL DEFAULT 1,
  -- Three administrators, three people (三权分立).
  CHECK (('system-administrator' = ANY (roles))::int + ('security-administrator' = ANY (roles))::int
    + ('audit-administrator' = ANY (roles))::int <= 1)
);
CREATE UNIQUE INDEX accounts_name ON accounts (lower(name));
CREATE UNIQUE INDEX accounts_subject ON accounts (oidc_issuer, oidc_subject) WHERE oidc_subject IS NOT NULL;

-- A browser that signed in: of an account, or of a token that may only read (a wall).
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  account_id uuid REFERENCES accounts (id),
  token_id uuid REFERENCES api_tokens (id),
  hash bytea NOT NULL UNIQUE,            -- SHA-256 of what the cookie holds
  csrf text NOT NULL,
  stage text NOT NULL CHECK (stage IN ('second-factor', 'change-password', 'enrol', 'full')),
  method text NOT NULL CHECK (method IN ('password', 'oidc', 'token')),
  source text,
  agent text NOT NULL,
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,               -- the last thing a person did, not the last request a page made
  expires_at bigint NOT NULL,
  ended_at bigint,
  ended_by text,
  ended_because text,
  CHECK ((account_id IS NULL) <> (token_id IS NULL))
);
CREATE INDEX sessions_account ON sessions (account_id) WHERE ended_at IS NULL;

-- Between leaving for the identity provider and coming back.
CREATE TABLE sign_in_flows (
  hash bytea PRIMARY KEY,
  body jsonb NOT NULL,
  expires_at bigint NOT NULL
);

-- What passwords, sessions and second factors must be; the security administrator's. No row: the defaults of the code.
CREATE TABLE access_policy (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  body jsonb NOT NULL,
  revision integer NOT NULL,
  changed_at bigint NOT NULL,
  changed_by text NOT NULL
);

CREATE INDEX audit_at ON audit (at DESC, id DESC);
CREATE INDEX audit_actor ON audit (actor, id DESC);

-- The chain over the audit: each link holds the SHA-256 over its number, the link before and the row. It is made when a
-- transaction commits (a deferred trigger), under a lock held for that moment only: no gap, no two rows for one number, and
-- nobody waits for a row while holding it.
CREATE TABLE audit_chain (
  sequence bigint PRIMARY KEY,
  audit_id bigint NOT NULL UNIQUE REFERENCES audit (id),
  previous bytea NOT NULL,
  hash bytea NOT NULL
);

-- Places in the chain that the node has signed with its key, which is not in the database.
CREATE TABLE audit_checkpoints (
  sequence bigint PRIMARY KEY,
  hash bytea NOT NULL,
  at bigint NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL
);

-- A field as its length in bytes, ":", and its UTF-8; a missing one is "-:".
CREATE FUNCTION audit_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value IS NULL THEN convert_to('-:', 'UTF8')
    ELSE convert_to(octet_length(convert_to(value, 'UTF8'))::text || ':', 'UTF8') || convert_to(value, 'UTF8') END
$$;

CREATE FUNCTION audit_hash(sequence bigint, previous bytea, row_of audit) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(previous || audit_field(sequence::text) || audit_field(row_of.id::text) || audit_field(row_of.at::text)
    || audit_field(row_of.actor) || audit_field(row_of.source) || audit_field(row_of.action) || audit_field(row_of.object)
    || audit_field(row_of.result) || audit_field(row_of.detail::text))
$$;

CREATE FUNCTION audit_link(row_of audit) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  before_it audit_chain%ROWTYPE;
  number bigint;
  link bytea;
BEGIN
  SELECT * INTO before_it FROM audit_chain ORDER BY sequence DESC LIMIT 1;
  number := coalesce(before_it.sequence, 0) + 1;
  link := coalesce(before_it.hash, '\x0000000000000000000000000000000000000000000000000000000000000000'::bytea);
  INSERT INTO audit_chain (sequence, audit_id, previous, hash) VALUES (number, row_of.id, link, audit_hash(number, link, row_of));
END
$$;

-- Rows of transactions that see the chain only as it was when they began (REPEATABLE READ): the next who may links them.
CREATE TABLE audit_unlinked (audit_id bigint PRIMARY KEY REFERENCES audit (id));

-- Links what waits; returns how many. Must not be called where the chain of this moment cannot be seen.
CREATE FUNCTION audit_link_waiting() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  row_of audit;
  linked integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('beacontower audit chain'));
  FOR row_of IN SELECT a.* FROM audit_unlinked u JOIN audit a ON a.id = u.audit_id ORDER BY a.id LOOP
    PERFORM audit_link(row_of);
    DELETE FROM audit_unlinked WHERE audit_id = row_of.id;
    linked := linked + 1;
  END LOOP;
  RETURN linked;
END
$$;

CREATE FUNCTION audit_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') = 'read committed' THEN
    PERFORM audit_link_waiting();
    PERFORM audit_link(NEW);
  ELSE
    INSERT INTO audit_unlinked (audit_id) VALUES (NEW.id);
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is only ever appended to';
END
$$;

-- What was there before is linked in its order.
DO $$
DECLARE
  row_of audit;
BEGIN
  FOR row_of IN SELECT * FROM audit ORDER BY id LOOP
    PERFORM audit_link(row_of);
  END LOOP;
END
$$;

CREATE CONSTRAINT TRIGGER audit_appended AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_linked();
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_chain_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_checkpoints_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
