import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** WeChat's own server addresses, with history. */
export class ApiIpLedger1764000000009 implements MigrationInterface {
  name = 'ApiIpLedger1764000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('api_ip_ledger'));
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA api_ip_ledger CASCADE');
  }
}

const TABLES = `
  CREATE TABLE api_ip_ledger.ip_snapshot (
    kind text NOT NULL CHECK (kind IN ('api-domain', 'callback')),
    no int NOT NULL,
    digest bytea NOT NULL,                 -- over the normal form: sorted, de-duplicated entries
    ip_list text[] NOT NULL,               -- normal form
    invalid text[] NOT NULL DEFAULT '{}',  -- entries that could not be read, as they came
    body text NOT NULL,                    -- as it came first, or with the first of the present invalid ones
    platform_id int NOT NULL,              -- whose component token got it last
    first_asked_at timestamptz NOT NULL,   -- the answer is true at a moment between asking and observing
    last_asked_at timestamptz NOT NULL,
    first_observed_at timestamptz NOT NULL,
    last_observed_at timestamptz NOT NULL,
    observations int NOT NULL DEFAULT 1,
    PRIMARY KEY (kind, no)
  );
  CREATE TABLE api_ip_ledger.ip_watch (
    kind text PRIMARY KEY,
    last_attempt_at timestamptz,
    last_asked_at timestamptz,             -- an answer that was asked for earlier is late
    last_observed_at timestamptz,
    failures int NOT NULL DEFAULT 0,
    last_failure jsonb,                    -- {at, code, wechat, reason}
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz
  );
  -- Lists that were not published at once, because they look like a mistake.
  CREATE TABLE api_ip_ledger.ip_candidate (
    kind text NOT NULL CHECK (kind IN ('api-domain', 'callback')),
    no int NOT NULL,
    reason text NOT NULL CHECK (reason IN ('empty', 'incomplete', 'shrunk')),
    state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'published', 'withdrawn')),
    digest bytea NOT NULL,                 -- as in ip_snapshot
    ip_list text[] NOT NULL,
    unreadable text[] NOT NULL,
    lost text[] NOT NULL,                  -- of the list published then, what this one does not cover
    added text[] NOT NULL,
    body text NOT NULL,
    platform_id int NOT NULL,
    last_asked_at timestamptz NOT NULL,
    first_observed_at timestamptz NOT NULL,
    last_observed_at timestamptz NOT NULL,
    observations int NOT NULL DEFAULT 1,   -- in a row
    decided_at timestamptz,
    decided_by text,                       -- 'agreement', or the actor who confirmed it
    PRIMARY KEY (kind, no)
  );
  CREATE UNIQUE INDEX ip_candidate_held ON api_ip_ledger.ip_candidate (kind) WHERE state = 'held';
  INSERT INTO api_ip_ledger.ip_watch (kind) VALUES ('api-domain'), ('callback');
`;

const RULES = rowRules({
  // WeChat's own addresses are the same for everybody; whose token fetched them is not told.
  'api_ip_ledger.ip_snapshot': { reach: reach.everybody, api: ['SELECT ({open})'], hidden: ['platform_id'] },
  'api_ip_ledger.ip_candidate': {
    reach: reach.everybody,
    api: ['SELECT ({open})'],
    hidden: ['platform_id', 'digest'],
  },
  // How the fetching stands is the hub's affair: the latest failure holds what WeChat said to one platform.
  'api_ip_ledger.ip_watch': { reach: reach.everybody },
});
