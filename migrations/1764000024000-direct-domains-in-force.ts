import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a release through the platform drops are domains in force that are not in the platform's own list, except where a mini
 * program has them in `direct_domain`: those need no list. How many have a domain both ways is a counter like the others (places
 * 32 to 37, by list), so that nobody has to be asked one by one. A domain that nobody has directly costs no such counter.
 */
export class DirectDomainsInForce1764000024000 implements MigrationInterface {
  name = 'DirectDomainsInForce1764000024000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION domain_ledger.count_steps(for_platform int, content int, sign int) RETURNS void LANGUAGE sql AS $$
        ${STEPS}
        UNION ALL
        SELECT for_platform, (32 + l.list)::smallint, d.domain_id, sign
          FROM domain_ledger.domain_content c, ${BOTH}
         WHERE c.content_id = content
      $$;
      INSERT INTO domain_ledger.domain_use (platform_id, place, domain_id, uses)
      SELECT w.platform_id, 32 + l.list, d.domain_id, sum(w.uses)
        FROM (SELECT platform_id, content_id, count(*) AS uses FROM domain_ledger.watch
               WHERE counted = 2 GROUP BY platform_id, content_id) AS w
        JOIN domain_ledger.domain_content c USING (content_id), ${BOTH}
       GROUP BY w.platform_id, l.list, d.domain_id;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION domain_ledger.count_steps(for_platform int, content int, sign int) RETURNS void LANGUAGE sql AS $$
        ${STEPS}
      $$;
      DELETE FROM domain_ledger.domain_use WHERE place BETWEEN 32 AND 37;
      DELETE FROM domain_ledger.domain_use_delta WHERE place BETWEEN 32 AND 37;
    `);
  }
}

/** Each list, and each list regardless of group, as before. */
const STEPS = `
  INSERT INTO domain_ledger.domain_use_delta (platform_id, place, domain_id, step)
  SELECT for_platform, place, domain_id, sign
    FROM (SELECT (l.ord - 1)::smallint AS place, m.domain_id
            FROM domain_ledger.domain_content c, unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
            JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
           WHERE c.content_id = content
           UNION
          SELECT (24 + (l.ord - 1) % 6)::smallint, m.domain_id
            FROM domain_ledger.domain_content c, unnest(c.list_ids) WITH ORDINALITY AS l (list_id, ord)
            JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
           WHERE c.content_id = content) AS held`;

/** Lists of a content in which domains are both direct (subscripts 13 to 18) and in force (19 to 24), and those domains. */
const BOTH = `generate_series(0, 5) AS l (list), LATERAL (
            SELECT unnest(domain_ids) AS domain_id FROM domain_ledger.domain_list WHERE list_id = c.list_ids[13 + l.list]
            INTERSECT
            SELECT unnest(domain_ids) FROM domain_ledger.domain_list WHERE list_id = c.list_ids[19 + l.list]) AS d`;
