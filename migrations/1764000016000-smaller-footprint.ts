import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Two things that every change left behind for good. Counters of domains that nobody has any more: the ledger removes them now.
 * And digests are only ever compared for equality, and they are random: a B-tree over them holds all 32 bytes in pages that are
 * two thirds full. A hash index holds four bytes of each. Only an exclusion constraint may be unique by such an index.
 */
export class SmallerFootprint1764000016000 implements MigrationInterface {
  name = 'SmallerFootprint1764000016000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DELETE FROM domain_ledger.domain_use WHERE uses = 0');
    for (const table of TABLES) {
      await queryRunner.query(`
        ALTER TABLE domain_ledger.${table} DROP CONSTRAINT ${table}_digest_key,
          ADD CONSTRAINT ${table}_digest_key EXCLUDE USING hash (digest WITH =);
      `);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(`
        ALTER TABLE domain_ledger.${table} DROP CONSTRAINT ${table}_digest_key,
          ADD CONSTRAINT ${table}_digest_key UNIQUE (digest);
      `);
    }
  }
}

const TABLES = ['domain_list', 'domain_content', 'domain_change_set', 'body'];
