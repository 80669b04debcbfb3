import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** API keys, console users and their sessions, limits on guessing passwords, and the audit trail with its chain. */
export class Access1764000000002 implements MigrationInterface {
  name = 'Access1764000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('access'));
    await queryRunner.query(KEYS);
    await queryRunner.query(USERS);
    await queryRunner.query(IDEMPOTENCY);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA access CASCADE');
  }
}

const KEYS = `
  CREATE TABLE access.api_key (
    id text PRIMARY KEY,
    platform_id int,                       -- null: operator key of the whole installation
    name text NOT NULL,
    prefix text NOT NULL,                  -- shown in lists so that people recognise a key
    key_digest bytea NOT NULL UNIQUE,      -- SHA-256 of the whole key; keys have 256 random bits, so no slow hash is needed
    scopes text[] NOT NULL,
    merchant_ids text[],                   -- null: all merchants of the platform
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    last_used_address text,
    networks text[],                       -- from which it may be used; null: from anywhere
    replaced_by text                       -- the key that this one was rotated to
  );
  CREATE INDEX api_key_of_platform ON access.api_key (platform_id, created_at DESC, id DESC);
  CREATE TABLE access.audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform_id int,
    at timestamptz NOT NULL DEFAULT wxfleet.now(),
    actor text NOT NULL,                   -- 'api_key:<id>', 'operator:<id>', 'user:<name>', 'wechat', 'system'
    action text NOT NULL,
    subject text,
    outcome text NOT NULL,
    address text,
    count int NOT NULL DEFAULT 1,
    detail jsonb NOT NULL DEFAULT '{}',
    merchant_id text,                      -- on whose behalf, where it concerns one merchant
    seq bigint,                            -- place in the chain; null until the next link is made (about a second)
    hash bytea,                            -- SHA-256 over the hash before and this event
    CHECK ((seq IS NULL) = (hash IS NULL))
  );
  CREATE INDEX audit_event_of_platform ON access.audit_event (platform_id, id DESC);
  CREATE UNIQUE INDEX audit_event_chain ON access.audit_event (seq) WHERE seq IS NOT NULL;
  CREATE INDEX audit_event_unchained ON access.audit_event (id) WHERE seq IS NULL;
  CREATE INDEX audit_event_of_merchant ON access.audit_event (platform_id, merchant_id, id DESC) WHERE merchant_id IS NOT NULL;
  -- The end of the chain: without it, cutting off the newest events would not be seen.
  CREATE TABLE access.audit_head (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamptz NOT NULL
  );
  -- Where a check of the chain may start. What it covers may be thinned; the digest covers what is left.
  CREATE TABLE access.audit_checkpoint (
    no int PRIMARY KEY,
    from_seq bigint NOT NULL,              -- exclusive
    until_seq bigint NOT NULL UNIQUE,
    hash bytea NOT NULL,                   -- of the chain at until_seq
    events int NOT NULL,                   -- when it was made
    kept int NOT NULL,
    kept_digest bytea NOT NULL,
    made_at timestamptz NOT NULL
  );
  INSERT INTO access.audit_head (seq, hash, chained_at) VALUES (0, sha256('wxfleet audit chain'), wxfleet.now());
`;

const USERS = `
  CREATE TABLE access.console_user (
    user_id text PRIMARY KEY,
    platform_id int,                       -- null: the whole installation (role operator)
    username text NOT NULL UNIQUE,         -- lower case
    role text NOT NULL CHECK (role IN ('viewer', 'admin', 'operator')),
    password_hash text NOT NULL,           -- scrypt with its parameters and salt
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    created_by text NOT NULL,
    password_changed_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    disabled_at timestamptz,
    expires_at timestamptz,                -- no later than what made the user; null: never
    last_login_at timestamptz,
    CHECK ((platform_id IS NULL) = (role = 'operator'))
  );
  CREATE INDEX console_user_of_platform ON access.console_user (platform_id, username);
  CREATE TABLE access.session (
    session_id text PRIMARY KEY,
    platform_id int,
    user_id text NOT NULL REFERENCES access.console_user ON DELETE CASCADE,
    token_digest bytea NOT NULL UNIQUE,    -- SHA-256 of what the cookie holds (256 random bits)
    address text,
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    last_seen_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    expires_at timestamptz NOT NULL,       -- whatever happens; it also ends when it is idle for too long
    ended_at timestamptz
  );
  CREATE INDEX session_of_user ON access.session (user_id);
  CREATE INDEX session_expiry ON access.session (expires_at);
  -- Failed logins, by user name (whether there is such a user or not) and by address.
  CREATE TABLE access.login_brake (
    kind text NOT NULL CHECK (kind IN ('user', 'address')),
    who_digest bytea NOT NULL,
    failures int NOT NULL,
    failed_at timestamptz NOT NULL,
    locked_until timestamptz NOT NULL,
    PRIMARY KEY (kind, who_digest)
  );
`;

const IDEMPOTENCY = `
  -- Requests with an Idempotency-Key, for 24 hours. Bodies and answers may hold secrets, so nothing of them is in the clear.
  CREATE TABLE access.idempotency_key (
    platform_id int NOT NULL,              -- 0: of no platform
    actor text NOT NULL,
    key_digest bytea NOT NULL,             -- SHA-256 of the header
    sealed_request bytea NOT NULL,         -- a digest of operation, path, query and body
    sealed_answer bytea,                   -- status, headers and body; null while the request runs
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    lease_generation bigint NOT NULL DEFAULT 1,
    lease_until timestamptz NOT NULL,
    PRIMARY KEY (platform_id, actor, key_digest)
  );
  CREATE INDEX idempotency_key_age ON access.idempotency_key (created_at);
`;

/** A key limited to merchants sees keys that are limited at least as much. */
const KEY_REACH = `${reach.platform} AND ((SELECT wxfleet.every_merchant())
  OR merchant_ids <@ (SELECT wxfleet.tenant_merchants())::text[])`;

/** The audit trail: written, read, and chained once; never changed afterwards and never removed, not by the worker either. */
const AUDIT_BY_WORKER = `
  REVOKE UPDATE, DELETE ON access.audit_event FROM wxfleet_worker;
  GRANT UPDATE (seq, hash) ON access.audit_event TO wxfleet_worker;
  -- The one way to remove events: old ones, that a checkpoint covers.
  CREATE FUNCTION access.remove_audit_events(ids bigint[]) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    WITH removed AS (
      DELETE FROM access.audit_event
       WHERE id = ANY (ids) AND at < wxfleet.now() - interval '7 days'
         AND seq <= (SELECT max(until_seq) FROM access.audit_checkpoint)
      RETURNING 1
    ) SELECT count(*)::int FROM removed
  $$;
  REVOKE ALL ON FUNCTION access.remove_audit_events FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION access.remove_audit_events TO wxfleet_worker;
  CREATE POLICY worker_reads ON access.audit_event FOR SELECT TO wxfleet_worker USING (true);
  CREATE POLICY worker_writes ON access.audit_event FOR INSERT TO wxfleet_worker WITH CHECK (seq IS NULL);
  CREATE POLICY worker_chains ON access.audit_event FOR UPDATE TO wxfleet_worker USING (seq IS NULL) WITH CHECK (seq IS NOT NULL);
`;

const RULES = rowRules({
  'access.api_key': {
    reach: KEY_REACH,
    api: ['SELECT ({open})', 'INSERT', 'UPDATE (revoked_at, expires_at, replaced_by)'],
    hidden: ['key_digest'],
  },
  'access.audit_event': {
    reach: reach.merchant,
    api: ['SELECT', 'INSERT (platform_id, merchant_id, actor, action, subject, outcome, address, count, detail)'],
    mayInsert: reach.platform,
    workerPolicies: AUDIT_BY_WORKER,
  },
  'access.audit_head': { reach: reach.everybody },
  'access.audit_checkpoint': { reach: reach.everybody },
  'access.console_user': {
    reach: reach.whole,
    api: [
      'SELECT ({open})',
      'INSERT',
      'UPDATE (role, password_hash, password_changed_at, disabled_at, expires_at)',
      'DELETE',
    ],
    hidden: ['password_hash'],
  },
  'access.session': { reach: reach.whole, api: ['SELECT ({open})', 'UPDATE (ended_at)'], hidden: ['token_digest'] },
  'access.idempotency_key': { reach: reach.nobody },
  'access.login_brake': { reach: reach.everybody },
});
