import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** How often WeChat was called, and what must wait. */
export class Quota1764000000005 implements MigrationInterface {
  name = 'Quota1764000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('quota'));
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA quota CASCADE');
  }
}

const TABLES = `
  -- Every call of a platform, those on behalf of merchants included: one narrow row per path and day.
  CREATE TABLE quota.call_count (
    platform_id int NOT NULL,
    day date NOT NULL,                     -- Beijing day: when WeChat's own days begin is not documented, so this is ours
    path text NOT NULL,
    calls bigint NOT NULL,
    errors bigint NOT NULL,
    PRIMARY KEY (platform_id, day, path)
  ) WITH (fillfactor = 70);                -- written every second: room for updates in place
  -- The same calls by merchant, thousands in one row: a row each would double the writes of a sweep.
  -- Never updated; the count of a merchant is the sum over the chunks of the day.
  CREATE TABLE quota.merchant_call_chunk (
    platform_id int NOT NULL,
    day date NOT NULL,
    path text NOT NULL,
    authorizer_appids text[] NOT NULL,
    calls int[] NOT NULL,
    errors int[] NOT NULL,
    CHECK (cardinality(calls) = cardinality(authorizer_appids) AND cardinality(errors) = cardinality(authorizer_appids))
  );
  CREATE INDEX merchant_call_chunk_of_day ON quota.merchant_call_chunk (day, platform_id);
  -- The last batch of counts written by each process: a batch sent again after a lost reply is not counted twice.
  CREATE TABLE quota.count_source (
    source uuid PRIMARY KEY,
    sequence bigint NOT NULL,
    seen_at timestamptz NOT NULL
  ) WITH (fillfactor = 50);
  CREATE TABLE quota.park (
    platform_id int NOT NULL,
    authorizer_appid text NOT NULL,        -- '' for the platform's own quota
    path text NOT NULL,
    errcode int NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    parked_until timestamptz NOT NULL,
    probe_at timestamptz,                  -- from when one process may let one call through; null: never
    strikes int NOT NULL DEFAULT 1,
    version bigint NOT NULL DEFAULT 1,     -- grows with every refusal: an older success lifts nothing
    PRIMARY KEY (platform_id, path, authorizer_appid)
  );
  CREATE TABLE quota.budget (
    platform_id int NOT NULL,
    path text NOT NULL,
    per_day int NOT NULL CHECK (per_day > 0),
    reserve int NOT NULL DEFAULT 0 CHECK (reserve >= 0 AND reserve <= per_day), -- kept for people: background work stops this much earlier
    cleared_day date,                      -- the operator cleared the quota on this day ...
    cleared_calls bigint NOT NULL DEFAULT 0, -- ... after this many calls
    PRIMARY KEY (platform_id, path)
  );
`;

const RULES = rowRules({
  'quota.call_count': { reach: reach.whole, api: ['SELECT'] },
  'quota.merchant_call_chunk': { reach: reach.whole, api: ['SELECT'] },
  'quota.count_source': { reach: reach.everybody },
  'quota.park': { reach: reach.appid, api: ['SELECT'] },
  'quota.budget': { reach: reach.whole, api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
});
