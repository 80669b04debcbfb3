import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which job workers live. The engine's own tables are in the schema `graphile_worker` and are migrated by it; it frees
 * the jobs of a killed worker only after four hours, we do it when the heartbeat stops.
 */
export class Jobs1764000003500 implements MigrationInterface {
  name = 'Jobs1764000003500';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA jobs;
      CREATE TABLE jobs.worker (
        worker_id text PRIMARY KEY,
        heartbeat_at timestamptz NOT NULL
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA jobs CASCADE`);
  }
}
