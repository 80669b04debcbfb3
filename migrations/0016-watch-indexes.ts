import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Partial indexes of a table with a row for each mini program. They are built beside readers and writers, which would otherwise
 * wait for two passes over the table and give up after two seconds; hence without a transaction. An attempt that was cut off
 * leaves an index that is not valid: it is built again.
 */
export class WatchIndexes1764000000016 implements MigrationInterface {
  name = 'WatchIndexes1764000000016';
  transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const { name, on } of INDEXES) {
      await queryRunner.query(`DROP INDEX IF EXISTS domain_ledger.${name}`);
      await queryRunner.query(`CREATE INDEX CONCURRENTLY ${name} ON domain_ledger.watch ${on}`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { name } of INDEXES) await queryRunner.query(`DROP INDEX IF EXISTS domain_ledger.${name}`);
  }
}

const INDEXES = [
  { name: 'watch_in_no_batch', on: '(platform_id, authorizer_id) WHERE counted = 2 AND NOT in_batch' },
  // Looks that go on failing, or go on succeeding, write nothing here.
  {
    name: 'watch_failing',
    on: '(platform_id, counted, authorizer_id) WHERE unreadable_since IS NOT NULL AND counted > 0',
  },
];
