import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Platforms and their sealed secrets, tickets and tokens. */
export class Custody1764000002000 implements MigrationInterface {
  name = 'Custody1764000002000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA custody;
      -- Sealed columns hold AES-256-GCM envelopes bound to their row; see libs/kernel/src/sealer.ts.
      CREATE TABLE custody.component_account (
        platform_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        component_appid text NOT NULL UNIQUE,
        name text NOT NULL,
        sealed_appsecret bytea NOT NULL,
        sealed_push_token bytea NOT NULL,
        sealed_aes_key bytea NOT NULL,
        sealed_previous_push_token bytea,
        sealed_previous_aes_key bytea,
        -- what WeChat last said against our configuration (wrong secret, address not listed ...); null when a call has worked since
        misconfigured_at timestamptz,
        misconfigured_wechat jsonb,
        created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        updated_at timestamptz NOT NULL DEFAULT wxfleet.now()
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
        last_failure jsonb
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
        PRIMARY KEY (platform_id, authorizer_appid)
      ) WITH (fillfactor = 70);
      CREATE INDEX authorizer_token_due ON custody.authorizer_token (platform_id, refresh_after) WHERE state = 'usable';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA custody CASCADE`);
  }
}
