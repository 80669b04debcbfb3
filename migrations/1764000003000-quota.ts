import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often WeChat was called, and what must wait. */
export class Quota1764000003000 implements MigrationInterface {
  name = 'Quota1764000003000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE SCHEMA quota;
      CREATE TABLE quota.call_count (
        platform_id int NOT NULL,
        authorizer_appid text NOT NULL,        -- '' for calls of the platform itself
        path text NOT NULL,
        day date NOT NULL,                     -- Beijing day: the day WeChat's own documents count in is not stated, so this is ours
        calls int NOT NULL,
        errors int NOT NULL,
        PRIMARY KEY (platform_id, day, path, authorizer_appid)
      );
      CREATE TABLE quota.park (
        platform_id int NOT NULL,
        authorizer_appid text NOT NULL,
        path text NOT NULL,
        errcode int NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        parked_until timestamptz NOT NULL,
        strikes int NOT NULL DEFAULT 1,
        PRIMARY KEY (platform_id, path, authorizer_appid)
      );
      CREATE TABLE quota.budget (
        platform_id int NOT NULL,
        path text NOT NULL,
        per_day int NOT NULL CHECK (per_day > 0),
        reserve int NOT NULL DEFAULT 0 CHECK (reserve >= 0),  -- kept for people: background work stops this much earlier
        PRIMARY KEY (platform_id, path)
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP SCHEMA quota CASCADE`);
  }
}
