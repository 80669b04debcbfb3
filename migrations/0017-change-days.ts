import type { MigrationInterface, QueryRunner } from 'typeorm';
import { reach, rowRules } from './row-rules.ts';

/** Changes of days that have long ended, counted once; see `change-days.ts`. Days that are not counted yet are counted when asked for. */
export class ChangeDays1764000000017 implements MigrationInterface {
  name = 'ChangeDays1764000000017';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(REOPEN);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TRIGGER domain_ledger_reopen_day_insert ON domain_ledger.snapshot;
      DROP TRIGGER domain_ledger_reopen_day_update ON domain_ledger.snapshot;
      DROP TRIGGER domain_ledger_reopen_day_delete ON domain_ledger.snapshot;
      DROP FUNCTION domain_ledger.reopen_day;
      DROP TABLE domain_ledger.reopened_day, domain_ledger.change_day;
    `);
  }
}

const TABLES = `
  CREATE TABLE domain_ledger.change_day (
    platform_id int NOT NULL,
    day date NOT NULL,                     -- in Beijing
    changes int NOT NULL,                  -- snapshots of that day that are changes
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (platform_id, day)
  );
  -- Days whose count does not hold any more; appended, so that writers never wait for one another.
  CREATE TABLE domain_ledger.reopened_day (
    platform_id int NOT NULL,
    day date NOT NULL,
    reopened_id bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (platform_id, reopened_id)
  );
`;

/** Of days that may have been counted, and may still be asked for. The lock is that of `countChangeDays`: a day that is not counted yet waits for this. */
const COUNTED = (row: string) => `${row}.first_observed_at < wxfleet.now() - interval '1 day'
          AND ${row}.first_observed_at > wxfleet.now() - interval '40 days'`;

/** For every writer of snapshots, also release 0.2.0. A look of today costs the comparison. */
const REOPEN = `
  CREATE FUNCTION domain_ledger.reopen_day() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    changed domain_ledger.snapshot := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(7309217, changed.platform_id);
    INSERT INTO domain_ledger.reopened_day (platform_id, day)
    SELECT platform_id, day FROM domain_ledger.change_day
     WHERE platform_id = changed.platform_id AND day = (changed.first_observed_at AT TIME ZONE 'Asia/Shanghai')::date;
    RETURN NULL;
  END $$;
  CREATE TRIGGER domain_ledger_reopen_day_insert AFTER INSERT ON domain_ledger.snapshot FOR EACH ROW
    WHEN (NEW.change_id IS NOT NULL AND ${COUNTED('NEW')})
    EXECUTE FUNCTION domain_ledger.reopen_day();
  CREATE TRIGGER domain_ledger_reopen_day_update AFTER UPDATE OF change_id ON domain_ledger.snapshot FOR EACH ROW
    WHEN ((OLD.change_id IS NULL) <> (NEW.change_id IS NULL) AND ${COUNTED('NEW')})
    EXECUTE FUNCTION domain_ledger.reopen_day();
  CREATE TRIGGER domain_ledger_reopen_day_delete AFTER DELETE ON domain_ledger.snapshot FOR EACH ROW
    WHEN (OLD.change_id IS NOT NULL AND ${COUNTED('OLD')})
    EXECUTE FUNCTION domain_ledger.reopen_day();
`;

const RULES = rowRules({
  'domain_ledger.change_day': { reach: reach.whole, api: ['SELECT'] },
  'domain_ledger.reopened_day': { reach: reach.whole, api: ['SELECT'] },
});
