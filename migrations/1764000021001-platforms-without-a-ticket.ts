import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A platform to which WeChat has never pushed has no row among the tickets that could say that the alarm was raised. */
export class PlatformsWithoutATicket1764000021001 implements MigrationInterface {
  name = 'PlatformsWithoutATicket1764000021001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE custody.component_account
        ADD COLUMN no_ticket_alarm_at timestamptz;   -- when it was said that no first ticket comes
      GRANT SELECT (no_ticket_alarm_at) ON custody.component_account TO wxfleet_api;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE custody.component_account DROP COLUMN no_ticket_alarm_at');
  }
}
