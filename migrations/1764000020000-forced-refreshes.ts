import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reports of rejected tokens have cost is kept with the token: for all processes together, and over their restarts. */
export class ForcedRefreshes1764000020000 implements MigrationInterface {
  name = 'ForcedRefreshes1764000020000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['custody.authorizer_token', 'custody.component_token']) {
      await queryRunner.query(`
        ALTER TABLE ${table}
          ADD COLUMN forced_refreshes int NOT NULL DEFAULT 0,   -- in a row, because the token was said to be rejected
          ADD COLUMN forced_at timestamptz,                     -- the last of them
          ADD COLUMN forced_generation bigint;                  -- the token that was to be replaced by it
        GRANT SELECT (forced_refreshes, forced_at, forced_generation) ON ${table} TO wxfleet_api;
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['custody.authorizer_token', 'custody.component_token']) {
      await queryRunner.query(
        `ALTER TABLE ${table} DROP COLUMN forced_refreshes, DROP COLUMN forced_at, DROP COLUMN forced_generation`,
      );
    }
  }
}
