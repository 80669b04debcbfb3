import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The changes that name a domain, newest first. A change set is shared by all mini programs that were edited alike, so a
 * release has few sets with very many snapshots each: with the time in the index, a page is the newest few of each set,
 * however many there are and however long ago.
 */
export class ChangesOfADomain1764000013000 implements MigrationInterface {
  name = 'ChangesOfADomain1764000013000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX domain_ledger.snapshot_change;
      CREATE INDEX snapshot_change ON domain_ledger.snapshot (platform_id, change_id, first_observed_at DESC) WHERE change_id IS NOT NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX domain_ledger.snapshot_change;
      CREATE INDEX snapshot_change ON domain_ledger.snapshot (platform_id, change_id) WHERE change_id IS NOT NULL;
    `);
  }
}
