import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Master keys in use and their rotation; retention runs that can be asked for over REST. */
export class Upkeep1764000012000 implements MigrationInterface {
  name = 'Upkeep1764000012000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
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

      -- What was asked for is kept with the run, so that whoever goes on with it does the same.
      ALTER TABLE domain_ledger.retention
        ADD COLUMN run_no int NOT NULL DEFAULT 1,
        ADD COLUMN keep_all_ms bigint,
        ADD COLUMN thin_to_ms bigint,
        ADD COLUMN total bigint NOT NULL DEFAULT 0,
        ADD COLUMN requested_by text;
      GRANT INSERT, UPDATE ON domain_ledger.retention TO wxfleet_api;
    `);
    // Of no tenant, and nothing for the api role: operators are answered by the worker role.
    for (const table of ['master_key', 'master_key_rotation']) {
      await queryRunner.query(`
        ALTER TABLE custody.${table} ENABLE ROW LEVEL SECURITY;
        GRANT SELECT, INSERT, UPDATE, DELETE ON custody.${table} TO wxfleet_worker;
        CREATE POLICY worker ON custody.${table} TO wxfleet_worker USING (true) WITH CHECK (true);
        CREATE POLICY tenant ON custody.${table} TO wxfleet_api USING (false);
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      REVOKE INSERT, UPDATE ON domain_ledger.retention FROM wxfleet_api;
      ALTER TABLE domain_ledger.retention
        DROP COLUMN run_no, DROP COLUMN keep_all_ms, DROP COLUMN thin_to_ms, DROP COLUMN total, DROP COLUMN requested_by;
      DROP TABLE custody.master_key_rotation;
      DROP TABLE custody.master_key;
    `);
  }
}
