import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a change set did at which places stood in rows of a second table, and those were the most expensive part of a change.
 * It fits beside the domains it is about: for each of them the places where it was added and removed, as bits. And the feed's
 * index grows at its end now: one that grows at its beginning has pages half full.
 */
export class ChangeSetsInOneRow1764000017000 implements MigrationInterface {
  name = 'ChangeSetsInOneRow1764000017000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE domain_ledger.domain_change_set
        ADD COLUMN added_at int[] NOT NULL DEFAULT '{}',     -- for each member: bit mask of the places where it was added
        ADD COLUMN removed_at int[] NOT NULL DEFAULT '{}';   -- the same where it was removed
      UPDATE domain_ledger.domain_change_set c SET added_at = ${masks('added')}, removed_at = ${masks('removed')};
      ALTER TABLE domain_ledger.domain_change_set ALTER COLUMN added_at DROP DEFAULT, ALTER COLUMN removed_at DROP DEFAULT;
      GRANT SELECT (added_at, removed_at) ON domain_ledger.domain_change_set TO wxfleet_api;
      DROP TABLE domain_ledger.domain_change_part;
      DROP INDEX domain_ledger.snapshot_feed;
      CREATE INDEX snapshot_feed ON domain_ledger.snapshot (platform_id, first_observed_at, authorizer_id, no) WHERE change_id IS NOT NULL;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX domain_ledger.snapshot_feed;
      CREATE INDEX snapshot_feed ON domain_ledger.snapshot (platform_id, first_observed_at DESC, authorizer_id DESC, no DESC)
        WHERE change_id IS NOT NULL;
      CREATE TABLE domain_ledger.domain_change_part (
        change_id int NOT NULL,
        place smallint NOT NULL,
        added int[] NOT NULL,
        removed int[] NOT NULL,
        PRIMARY KEY (change_id, place)
      );
      INSERT INTO domain_ledger.domain_change_part (change_id, place, added, removed)
      SELECT c.change_id, p.place, ${membersAt('added_at')}, ${membersAt('removed_at')}
        FROM domain_ledger.domain_change_set c, generate_series(0, 23) AS p (place)
       WHERE c.places >> p.place & 1 = 1;
      ALTER TABLE domain_ledger.domain_change_part ENABLE ROW LEVEL SECURITY;
      CREATE POLICY worker ON domain_ledger.domain_change_part TO wxfleet_worker USING (true) WITH CHECK (true);
      CREATE POLICY tenant ON domain_ledger.domain_change_part TO wxfleet_api USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON domain_ledger.domain_change_part TO wxfleet_worker;
      GRANT SELECT ON domain_ledger.domain_change_part TO wxfleet_api;
      ALTER TABLE domain_ledger.domain_change_set DROP COLUMN added_at, DROP COLUMN removed_at;
    `);
  }
}

function masks(side: 'added' | 'removed'): string {
  return `ARRAY (
    SELECT coalesce((SELECT bit_or(1 << p.place::int) FROM domain_ledger.domain_change_part p
                      WHERE p.change_id = c.change_id AND m.domain_id = ANY (p.${side})), 0)
      FROM unnest(c.members) WITH ORDINALITY AS m (domain_id, ord) ORDER BY m.ord)`;
}

function membersAt(side: 'added_at' | 'removed_at'): string {
  return `ARRAY (SELECT m.domain_id FROM unnest(c.members, c.${side}) AS m (domain_id, mask) WHERE m.mask >> p.place & 1 = 1)`;
}
