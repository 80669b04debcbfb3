import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A reconciliation goes on in portions, each a job of its own. */
export class ReconciliationPortions1764000000013 implements MigrationInterface {
  name = 'ReconciliationPortions1764000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(COLUMNS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE authorizers.reconciliation DROP list_pass, DROP list_moved, DROP released_generation`);
  }
}

/** Of a process that knows nothing of portions the generation differs: its successor reads the list again, as it always has. */
const COLUMNS = `
  ALTER TABLE authorizers.reconciliation
    ADD list_pass smallint NOT NULL DEFAULT 1,       -- over the list for the how manieth time; 0: it has been read
    ADD list_moved boolean NOT NULL DEFAULT false,   -- the list has changed during this pass
    ADD released_generation bigint;                  -- of the lease that ended with a whole portion, hence with what stands above
`;
