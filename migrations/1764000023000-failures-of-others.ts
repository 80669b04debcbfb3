import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How the fetching of WeChat's addresses stands is the hub's affair: the latest failure holds what WeChat said to one
 * platform. No request asks for any of it on behalf of a tenant.
 */
export class FailuresOfOthers1764000023000 implements MigrationInterface {
  name = 'FailuresOfOthers1764000023000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('REVOKE SELECT ON api_ip_ledger.ip_watch FROM wxfleet_api');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('GRANT SELECT ON api_ip_ledger.ip_watch TO wxfleet_api');
  }
}
