import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/**
 * The change feed. An event is written in the transaction of its fact with `seq` null; the sequencer numbers what has been
 * committed, without gaps per platform. Numbers drawn before the commit (an identity column) would be passed by readers while
 * their transactions are open.
 */
export class Events1764000000010 implements MigrationInterface {
  name = 'Events1764000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('events'));
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA events CASCADE');
  }
}

const TABLES = `
  CREATE TABLE events.event (
    platform_id int NOT NULL,
    event_id bigint GENERATED ALWAYS AS IDENTITY,
    seq bigint,                            -- place in the feed of the platform; null until it is numbered (milliseconds)
    type text NOT NULL,
    authorizer_appid text,
    merchant_id text,                      -- whose account it was then: keys limited to that merchant may read it
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    data jsonb NOT NULL,
    PRIMARY KEY (platform_id, event_id)
  );
  CREATE UNIQUE INDEX event_order ON events.event (platform_id, seq) WHERE seq IS NOT NULL;
  CREATE INDEX event_of_merchant ON events.event (platform_id, merchant_id, seq) WHERE seq IS NOT NULL AND merchant_id IS NOT NULL;
  CREATE INDEX event_of_authorizer ON events.event (platform_id, authorizer_appid, seq) WHERE seq IS NOT NULL AND authorizer_appid IS NOT NULL;
  CREATE INDEX event_unnumbered ON events.event (event_id) WHERE seq IS NULL;
  CREATE TABLE events.feed_head (
    platform_id int NOT NULL PRIMARY KEY,
    seq bigint NOT NULL,                   -- the newest event
    floor_seq bigint NOT NULL DEFAULT 0,   -- the newest event that has been removed
    CHECK (floor_seq <= seq)
  );
`;

const RULES = rowRules({
  'events.event': {
    reach: reach.merchant,
    api: ['SELECT', 'INSERT (platform_id, type, authorizer_appid, merchant_id, occurred_at, data)'],
    // A caller limited to one merchant may cause an event of another: an account that it gives away.
    mayInsert: reach.platform,
  },
  'events.feed_head': { reach: reach.platform, api: ['SELECT'] },
});
