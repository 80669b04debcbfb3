import type { MigrationInterface, QueryRunner } from 'typeorm';
import { reach, rowRules } from './row-rules.ts';

/** How old what is known of a fleet is, without an index on the time of the last look; see `look-batches.ts`. */
export class LookBatches1764000000015 implements MigrationInterface {
  name = 'LookBatches1764000000015';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(BATCHES);
    await queryRunner.query(BACK_IN_TIME);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER domain_ledger_back_in_time ON domain_ledger.watch;
      DROP FUNCTION domain_ledger.leave_look_batch;
      DROP TABLE domain_ledger.look_batch;
      ALTER TABLE domain_ledger.watch DROP COLUMN in_batch, DROP COLUMN look_batch;
    `);
  }
}

/**
 * No index can hold the time of the last look: every look would write into all indexes of the row. Rows that exist are in no batch
 * and found by an index of their own (the next migration) until the bookkeeping or the next look puts them into one.
 */
const BATCHES = `
  -- Mini programs that were looked at together. A row of watch that names a batch (in_batch, look_batch) stands in its list and was
  -- last observed at or after asked_from. It may have gone into a later batch since: the list only loses members.
  CREATE TABLE domain_ledger.look_batch (
    platform_id int NOT NULL,
    batch_id bigint GENERATED ALWAYS AS IDENTITY,
    asked_from timestamptz NOT NULL,
    asked_to timestamptz NOT NULL,         -- the latest look when the batch was made
    size int NOT NULL,                     -- of the list
    authorizer_ids bigint[] NOT NULL,
    left_batches bigint[],                 -- batches that its members came from; null: those have been looked through
    checked_at timestamptz,                -- when the bookkeeping last looked through it
    PRIMARY KEY (platform_id, batch_id)
  );
  CREATE INDEX look_batch_age ON domain_ledger.look_batch (platform_id, asked_from, batch_id);
  CREATE INDEX look_batch_new ON domain_ledger.look_batch (platform_id, batch_id) WHERE left_batches IS NOT NULL;
  ALTER TABLE domain_ledger.watch
    ADD COLUMN look_batch bigint NOT NULL DEFAULT 0,
    ADD COLUMN in_batch boolean NOT NULL DEFAULT false;   -- look_batch says which
`;

/**
 * Release 0.2.0 leaves the batch of a row as it is. That holds as long as time goes forward; where observations are taken out
 * of the history, a row leaves its batch. An unchanged look names none of these columns.
 */
const BACK_IN_TIME = `
  CREATE FUNCTION domain_ledger.leave_look_batch() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE domain_ledger.watch SET in_batch = false WHERE platform_id = NEW.platform_id AND authorizer_id = NEW.authorizer_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER domain_ledger_back_in_time AFTER UPDATE OF latest_no ON domain_ledger.watch FOR EACH ROW
    WHEN (NEW.in_batch AND OLD.in_batch AND NEW.look_batch = OLD.look_batch
          AND (NEW.last_observed_at IS NULL OR NEW.last_observed_at < OLD.last_observed_at))
    EXECUTE FUNCTION domain_ledger.leave_look_batch();
`;

const RULES = rowRules({
  'domain_ledger.look_batch': { reach: reach.whole, api: ['SELECT'] },
});
