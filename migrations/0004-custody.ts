import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** Platforms and their sealed secrets, tickets and tokens; the master keys that seal them. */
export class Custody1764000000004 implements MigrationInterface {
  name = 'Custody1764000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('custody'));
    await queryRunner.query(TABLES);
    await queryRunner.query(REMOVALS);
    await queryRunner.query(MASTER_KEYS);
    await queryRunner.query(PUSH_SECRETS);
    await queryRunner.query(RULES);
    await queryRunner.query(WHOLE_PLATFORM_ONLY);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA custody CASCADE');
  }
}

const TABLES = `
  -- Sealed columns hold AES-256-GCM envelopes bound to their row; see libs/kernel/src/sealing/sealer.ts.
  CREATE TABLE custody.component_account (
    platform_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    component_appid text NOT NULL UNIQUE,
    name text NOT NULL,
    sealed_appsecret bytea NOT NULL,
    sealed_push_token bytea NOT NULL,
    sealed_aes_key bytea NOT NULL,
    sealed_previous_push_token bytea,
    sealed_previous_aes_key bytea,
    previous_push_secrets_until timestamptz,   -- the pair before opens pushes until then
    previous_push_secrets_used bigint NOT NULL DEFAULT 0,   -- pushes that it has opened since the replacement
    previous_push_secrets_used_at timestamptz,
    -- what WeChat last said against our configuration (wrong secret, address not listed ...); null when a call has worked since
    misconfigured_at timestamptz,
    misconfigured_wechat jsonb,
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    updated_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    no_ticket_alarm_at timestamptz,        -- when it was said that no first ticket comes
    removing_at timestamptz                -- the platform is being removed, and exists for nobody any more
  );
  CREATE TABLE custody.component_ticket (
    platform_id int PRIMARY KEY REFERENCES custody.component_account,
    sealed_ticket bytea NOT NULL,
    received_at timestamptz NOT NULL,
    wechat_created_at timestamptz NOT NULL,
    sealed_working_ticket bytea,           -- the last one that yielded a token
    working_received_at timestamptz,
    start_push_asked_at timestamptz,       -- last api_start_push_ticket
    stale_alarm_at timestamptz             -- raised when pushes stop, cleared by the next one
  );
  CREATE TABLE custody.component_token (
    platform_id int PRIMARY KEY REFERENCES custody.component_account,
    sealed_token bytea,
    expires_at timestamptz,
    refresh_after timestamptz,
    generation bigint NOT NULL DEFAULT 0,  -- grows with every new token
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    retry_after timestamptz,               -- cool-down after a failed call
    failures int NOT NULL DEFAULT 0,
    last_failure jsonb,
    forced_refreshes int NOT NULL DEFAULT 0,   -- in a row, because the token was said to be rejected
    forced_at timestamptz,                     -- the last of them
    forced_generation bigint                   -- the token that was to be replaced by it
  );
  CREATE TABLE custody.authorizer_token (
    platform_id int NOT NULL REFERENCES custody.component_account,
    authorizer_appid text NOT NULL,
    -- usable: may be refreshed and handed out; suspended: unauthorized (the sealed token is kept, unused);
    -- lost: WeChat refused every refresh token we know, the merchant must authorize again
    state text NOT NULL DEFAULT 'usable' CHECK (state IN ('usable', 'suspended', 'lost')),
    sealed_refresh_token bytea,
    sealed_previous_refresh_token bytea,   -- kept until the newer one has worked
    refresh_token_received_at timestamptz,
    sealed_access_token bytea,
    access_token_expires_at timestamptz,
    refresh_after timestamptz,             -- when the next refresh ahead of expiry is due
    generation bigint NOT NULL DEFAULT 0,
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    failures int NOT NULL DEFAULT 0,
    last_failure jsonb,
    updated_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    may_be_replaced boolean NOT NULL DEFAULT false,   -- the access token, by a refresh whose answer was lost
    forced_refreshes int NOT NULL DEFAULT 0,   -- in a row, because the token was said to be rejected
    forced_at timestamptz,                     -- the last of them
    forced_generation bigint,                  -- the token that was to be replaced by it
    late_result_at timestamptz,                -- WeChat last gave a token that came too late to be written
    PRIMARY KEY (platform_id, authorizer_appid)
  ) WITH (fillfactor = 70);
  CREATE INDEX authorizer_token_due ON custody.authorizer_token (platform_id, refresh_after) WHERE state = 'usable';
`;

const REMOVALS = `
  -- Platforms that are being removed, or were: the appid is all that is left of them.
  CREATE TABLE custody.platform_removal (
    removal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    removed_platform int NOT NULL,
    component_appid text NOT NULL,
    requested_by text,                     -- null: done
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done')),
    total bigint NOT NULL,                 -- rows at the beginning
    removed bigint NOT NULL DEFAULT 0,
    current text,                          -- the table that is being emptied
    started_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    finished_at timestamptz,
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz
  );
`;

const MASTER_KEYS = `
  -- Every key that something may be sealed under: a process enters its own before it seals anything, so that a start
  -- without one of them is refused without a look at every secret.
  CREATE TABLE custody.master_key (
    key_id text PRIMARY KEY,
    sealed_proof bytea,                    -- a known text: opens under the right key only; null: not entered by a process that has it first
    first_used_at timestamptz NOT NULL DEFAULT wxfleet.now()
  );
  CREATE TABLE custody.master_key_rotation (
    rotation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id text NOT NULL,                  -- only a process that seals with it may go on with the rotation
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'incomplete', 'failed')),
    reason text,
    total bigint,                          -- null until a worker has counted
    resealed bigint NOT NULL DEFAULT 0,
    remaining bigint,                      -- at the end
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    started_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    finished_at timestamptz
  );
  CREATE UNIQUE INDEX master_key_rotation_running ON custody.master_key_rotation (state) WHERE state = 'running';
`;

/** What a change of a platform has to compare with, sealed; of the platform that the request is about, and no other. */
const PUSH_SECRETS = `
  CREATE FUNCTION custody.push_secrets(of_platform int) RETURNS TABLE (sealed_push_token bytea, sealed_aes_key bytea)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.sealed_push_token, a.sealed_aes_key
      FROM custody.component_account a
     WHERE a.platform_id = of_platform
       AND (current_setting('role') <> 'wxfleet_api' OR (of_platform = wxfleet.tenant_platform() AND wxfleet.every_merchant()))
       FOR NO KEY UPDATE
  $$;
  REVOKE ALL ON FUNCTION custody.push_secrets(int) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION custody.push_secrets(int) TO wxfleet_api, wxfleet_worker;
  GRANT USAGE ON SEQUENCE custody.component_account_platform_id_seq TO wxfleet_api;
`;

const RULES = rowRules({
  'custody.component_account': {
    reach: reach.platform,
    api: ['SELECT ({open})', 'INSERT', 'UPDATE'],
    hidden: [
      'sealed_appsecret',
      'sealed_push_token',
      'sealed_aes_key',
      'sealed_previous_push_token',
      'sealed_previous_aes_key',
    ],
  },
  'custody.component_ticket': {
    reach: reach.platform,
    api: ['SELECT ({open})'],
    hidden: ['sealed_ticket', 'sealed_working_ticket'],
  },
  'custody.component_token': {
    reach: reach.platform,
    api: ['SELECT ({open})', 'INSERT', 'UPDATE (retry_after, failures, lease_until, lease_generation)'],
    hidden: ['sealed_token'],
  },
  'custody.authorizer_token': {
    reach: reach.appid,
    api: ['SELECT ({open})'],
    hidden: ['sealed_refresh_token', 'sealed_previous_refresh_token', 'sealed_access_token', 'late_result_at'],
  },
  // Operators are answered by the worker role.
  'custody.platform_removal': { reach: reach.nobody },
  'custody.master_key': { reach: reach.nobody },
  'custody.master_key_rotation': { reach: reach.nobody },
});

/**
 * A key that is limited to merchants sees its platform, and changes nothing of it: with a push token and a key of its own
 * choice it could sign pushes for every merchant. The hub refuses; this is the second line.
 */
const WHOLE_PLATFORM_ONLY = ['component_account', 'component_token']
  .map(
    (table) => `
      CREATE POLICY whole_inserts ON custody.${table} AS RESTRICTIVE FOR INSERT TO wxfleet_api
        WITH CHECK ((SELECT wxfleet.every_merchant()));
      CREATE POLICY whole_updates ON custody.${table} AS RESTRICTIVE FOR UPDATE TO wxfleet_api
        USING ((SELECT wxfleet.every_merchant()));`,
  )
  .join('');
