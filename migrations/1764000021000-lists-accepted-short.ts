import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * That a shorter list of WeChat is right can be said of a run when it is started, or while it is under way; whichever
 * process goes on with it has to know.
 */
export class ListsAcceptedShort1764000021000 implements MigrationInterface {
  name = 'ListsAcceptedShort1764000021000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE authorizers.reconciliation
        ADD COLUMN accept_shrunk_list boolean NOT NULL DEFAULT false;   -- somebody has looked and knows why it is shorter
      GRANT UPDATE (accept_shrunk_list) ON authorizers.reconciliation TO wxfleet_api;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE authorizers.reconciliation DROP COLUMN accept_shrunk_list');
  }
}
