import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** Pushes of WeChat, durable before they are acknowledged. */
export class Inbox1764000000007 implements MigrationInterface {
  name = 'Inbox1764000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('inbox'));
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA inbox CASCADE');
  }
}

const TABLES = `
  CREATE TABLE inbox.push (
    platform_id int NOT NULL,
    push_id bigint GENERATED ALWAYS AS IDENTITY,
    digest bytea NOT NULL,                 -- SHA-256 of the ciphertext: the same push twice is one row
    info_type text NOT NULL,
    authorizer_appid text NOT NULL DEFAULT '',
    wechat_created_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    sealed_body bytea,                     -- the decrypted XML, sealed; null for tickets (custody has them) and once handled
    state text NOT NULL CHECK (state IN ('pending', 'handled', 'superseded', 'unhandled', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,               -- who dispatches it has until then
    retry_at timestamptz,                  -- after a failure: not before
    handled_at timestamptz,
    failure jsonb,
    PRIMARY KEY (platform_id, push_id),
    UNIQUE (platform_id, digest)
  );
  CREATE INDEX push_pending ON inbox.push (platform_id, authorizer_appid, wechat_created_at, push_id) WHERE state = 'pending';
  CREATE INDEX push_kept ON inbox.push (platform_id, state, push_id) WHERE state IN ('unhandled', 'failed');  -- for operators
  CREATE INDEX push_received ON inbox.push (received_at);  -- retention
  -- The latest refused callback requests of each platform, without any content.
  CREATE TABLE inbox.refused_push (
    platform_id int NOT NULL,
    refused_id bigint GENERATED ALWAYS AS IDENTITY,
    refused_at timestamptz NOT NULL,
    path text NOT NULL,
    address text,
    reason text NOT NULL,
    PRIMARY KEY (platform_id, refused_id)
  );
  -- When a process that takes pushes was last alive: a gap means that some may be missing.
  CREATE TABLE inbox.intake (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    alive_at timestamptz NOT NULL
  );
`;

const RULES = rowRules({
  'inbox.push': { reach: reach.whole, api: ['SELECT ({open})'], hidden: ['digest', 'sealed_body'] },
  'inbox.refused_push': { reach: reach.whole, api: ['SELECT'] },
  'inbox.intake': { reach: reach.nobody },
});
