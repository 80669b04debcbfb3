import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys and the audit trail. */
export class Access1764000001000 implements MigrationInterface {
  name = 'Access1764000001000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA access;
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
        last_used_at timestamptz
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
        detail jsonb NOT NULL DEFAULT '{}'
      );
      CREATE INDEX audit_event_of_platform ON access.audit_event (platform_id, id DESC);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA access CASCADE`);
  }
}
