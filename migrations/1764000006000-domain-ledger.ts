import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The history of effective server domains, and the sweeps that write it. */
export class DomainLedger1764000006000 implements MigrationInterface {
  name = 'DomainLedger1764000006000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA domain_ledger;
      -- Reference tables: content-addressed, shared by the whole installation.
      CREATE TABLE domain_ledger.domain (
        domain_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE              -- normal form, version 1
      );
      CREATE TABLE domain_ledger.domain_list (
        list_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        digest bytea NOT NULL UNIQUE,          -- SHA-256 over normal-form version and sorted names
        domain_ids bigint[] NOT NULL
      );
      CREATE INDEX domain_list_member ON domain_ledger.domain_list USING gin (domain_ids);
      CREATE TABLE domain_ledger.domain_content (
        content_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        digest bytea NOT NULL UNIQUE,
        list_ids bigint[] NOT NULL CHECK (cardinality(list_ids) = 24)  -- place group * 6 + list; null: WeChat did not send it
      );
      CREATE TABLE domain_ledger.body (
        body_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        digest bytea NOT NULL UNIQUE,          -- SHA-256 of the body as it came
        encoding smallint NOT NULL,            -- 0 as it came, 1 raw deflate with dictionary 1
        bytes bytea NOT NULL
      );
      -- One narrow row per mini program; an unchanged observation updates it in place (no index on what changes).
      CREATE TABLE domain_ledger.watch (
        platform_id int NOT NULL,
        authorizer_id bigint NOT NULL,
        latest_no int NOT NULL DEFAULT 0,      -- number of the latest snapshot; 0: none yet
        content_id bigint,
        raw_digest bytea,                      -- of the latest successful body
        first_observed_at timestamptz,         -- of the latest snapshot
        last_observed_at timestamptz,
        observations int NOT NULL DEFAULT 0,   -- of the latest snapshot
        last_attempt_at timestamptz,
        blind_since timestamptz,               -- first attempt that failed after the last success
        blind_reason text,
        failures int NOT NULL DEFAULT 0,
        last_failure jsonb,
        PRIMARY KEY (platform_id, authorizer_id)
      ) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.1);
      CREATE TABLE domain_ledger.snapshot (
        platform_id int NOT NULL,
        authorizer_id bigint NOT NULL,
        no int NOT NULL,
        content_id bigint NOT NULL,
        body_id bigint NOT NULL,
        first_observed_at timestamptz NOT NULL,
        last_observed_at timestamptz,          -- null while latest: then the watch row has it
        observations int,
        PRIMARY KEY (platform_id, authorizer_id, no)
      );
      CREATE TABLE domain_ledger.observation_gap (
        platform_id int NOT NULL,
        authorizer_id bigint NOT NULL,
        gap_from timestamptz NOT NULL,         -- last observation before
        gap_to timestamptz NOT NULL,           -- first observation after
        reason text NOT NULL,
        PRIMARY KEY (platform_id, authorizer_id, gap_from)
      );
      CREATE TABLE domain_ledger.domain_span (
        platform_id int NOT NULL,
        authorizer_id bigint NOT NULL,
        place smallint NOT NULL,               -- group * 6 + list
        domain_id bigint NOT NULL,
        shown text,                            -- as WeChat wrote it, where that differs from the normal form
        first_observed_at timestamptz NOT NULL,
        last_observed_at timestamptz,          -- null while present
        ended_at timestamptz,                  -- first observation without it
        PRIMARY KEY (platform_id, authorizer_id, place, domain_id, first_observed_at)
      );
      -- The fleet's feed of changes: one row per list that changed.
      CREATE TABLE domain_ledger.domain_change (
        platform_id int NOT NULL,
        authorizer_id bigint NOT NULL,
        no int NOT NULL,
        place smallint NOT NULL,
        observed_at timestamptz NOT NULL,
        added bigint[] NOT NULL,
        removed bigint[] NOT NULL,
        PRIMARY KEY (platform_id, authorizer_id, no, place)
      );
      CREATE INDEX domain_change_feed ON domain_ledger.domain_change (platform_id, observed_at DESC, authorizer_id DESC, place);
      CREATE TABLE domain_ledger.sweep (
        platform_id int NOT NULL,
        sweep_id bigint GENERATED ALWAYS AS IDENTITY,
        round_at timestamptz,                  -- start of the scheduled round; null: requested
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
        requested_by text,
        started_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        finished_at timestamptz,
        PRIMARY KEY (platform_id, sweep_id),
        UNIQUE (platform_id, round_at)
      );
      CREATE TABLE domain_ledger.sweep_shard (
        platform_id int NOT NULL,
        sweep_id bigint NOT NULL,
        shard_no int NOT NULL,
        slot_from int NOT NULL,
        slot_to int NOT NULL,                  -- inclusive
        not_before timestamptz NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')),
        cursor_slot int,
        cursor_authorizer_id bigint,
        retry_only boolean NOT NULL DEFAULT false,   -- second pass: only what failed in passing
        passes int NOT NULL DEFAULT 0,
        lease_generation bigint NOT NULL DEFAULT 0,
        lease_until timestamptz,
        total int NOT NULL DEFAULT 0,
        changed int NOT NULL DEFAULT 0,
        unchanged int NOT NULL DEFAULT 0,
        skipped_permission int NOT NULL DEFAULT 0,
        failed int NOT NULL DEFAULT 0,
        PRIMARY KEY (platform_id, sweep_id, shard_no),
        FOREIGN KEY (platform_id, sweep_id) REFERENCES domain_ledger.sweep ON DELETE CASCADE
      );
      CREATE INDEX sweep_shard_claim ON domain_ledger.sweep_shard (platform_id, not_before) WHERE state = 'waiting';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA domain_ledger CASCADE`);
  }
}
