import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** Whether a platform is connected as it should be. */
export class Doctor1764000000011 implements MigrationInterface {
  name = 'Doctor1764000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('doctor'));
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA doctor CASCADE');
  }
}

const TABLES = `
  -- The latest run of each check.
  CREATE TABLE doctor.platform_check (
    platform_id int NOT NULL,
    check_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('pass', 'warn', 'fail', 'unknown', 'skipped')),
    finding text,                          -- null: nothing to do
    evidence text[] NOT NULL,
    since timestamptz NOT NULL,            -- first run with this status
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (platform_id, check_id)
  );
`;

const RULES = rowRules({
  'doctor.platform_check': { reach: reach.whole, api: ['SELECT'] },
});
