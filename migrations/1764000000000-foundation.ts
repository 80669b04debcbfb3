import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The clock that every capability reads. */
export class Foundation1764000000000 implements MigrationInterface {
  name = 'Foundation1764000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA wxfleet;
      -- The one clock. Development, tests and benchmarks may shift it per session to replay weeks through the real code;
      -- without that setting it is plain now(), and the planner inlines it.
      CREATE FUNCTION wxfleet.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT now() + coalesce(nullif(current_setting('wxfleet.clock_shift', true), ''), '0')::interval $$;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA wxfleet CASCADE`);
  }
}
