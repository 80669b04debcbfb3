import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Policies are written into every query that reads their table, and planned with it, also those branches that do not concern
 * who asks: questions about one mini program took several times longer to plan than to answer. What only keys limited to
 * merchants need, and what is looked up row by row, stands in functions now: each connection plans them once. They run as
 * who asks, so the tables that they read guard themselves. They are called expensive, as a look-up is: or the planner would
 * rather read a whole fleet in order than look fifty up.
 */
export class GuardsByFunction1764000015000 implements MigrationInterface {
  name = 'GuardsByFunction1764000015000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FUNCTIONS);
    await queryRunner.query(policies(after));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(policies(before));
    await queryRunner.query(`
      DROP FUNCTION authorizers.sees_authorizer(int, bigint), authorizers.sees_appid(int, text), domain_ledger.sees_body(int),
        domain_ledger.own_bodies(), domain_ledger.own_domains();
    `);
  }
}

const FUNCTIONS = `
  CREATE FUNCTION authorizers.sees_authorizer(platform int, id bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 2000 AS $$
  BEGIN
    RETURN EXISTS (SELECT FROM authorizers.authorizer a WHERE a.platform_id = platform AND a.authorizer_id = id);
  END $$;
  CREATE FUNCTION authorizers.sees_appid(platform int, appid text) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 2000 AS $$
  BEGIN
    RETURN EXISTS (SELECT FROM authorizers.authorizer a WHERE a.platform_id = platform AND a.authorizer_appid = appid);
  END $$;
  -- For keys of a whole platform: whether one of its snapshots came from this body.
  CREATE FUNCTION domain_ledger.sees_body(id int) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 2000 AS $$
  BEGIN
    RETURN EXISTS (SELECT FROM domain_ledger.snapshot s WHERE s.body_id = id AND s.platform_id = wxfleet.tenant_platform());
  END $$;
  -- For keys limited to merchants, from their mini programs and never through the platform's snapshots.
  CREATE FUNCTION domain_ledger.own_bodies() RETURNS int[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
  BEGIN
    RETURN ARRAY(
      SELECT DISTINCT s.body_id
        FROM authorizers.authorizer a
        JOIN domain_ledger.snapshot s ON s.platform_id = a.platform_id AND s.authorizer_id = a.authorizer_id
       WHERE a.platform_id = wxfleet.tenant_platform() AND a.merchant_id = ANY (wxfleet.tenant_merchants()));
  END $$;
  CREATE FUNCTION domain_ledger.own_domains() RETURNS int[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
  BEGIN
    RETURN ARRAY(
      SELECT DISTINCT m.domain_id
        FROM authorizers.authorizer a
        JOIN domain_ledger.snapshot s ON s.platform_id = a.platform_id AND s.authorizer_id = a.authorizer_id
        JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) AS l (list_id)
        JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
       WHERE a.platform_id = wxfleet.tenant_platform() AND a.merchant_id = ANY (wxfleet.tenant_merchants()));
  END $$;
`;

/** Tables whose rows belong to a mini program that they name by number, and by appid. */
const BY_NUMBER = ['domain_ledger.watch', 'domain_ledger.snapshot', 'domain_ledger.observation_gap'];
const BY_APPID = ['custody.authorizer_token', 'quota.park', 'authorizers.authorizer_event'];

interface Guards {
  byNumber(table: string): string;
  byAppid(table: string): string;
  ownDomains: string;
  body: string;
}

const PLATFORM = `(platform_id = (SELECT wxfleet.tenant_platform()) OR (SELECT wxfleet.every_platform()))`;
const WHOLE = `(SELECT wxfleet.every_merchant())`;

function policies(guards: Guards): string {
  const policy = (table: string, reach: string) => `ALTER POLICY tenant ON ${table} USING (${reach});`;
  return [
    ...BY_NUMBER.map((table) => policy(table, `${PLATFORM} AND (${WHOLE} OR ${guards.byNumber(nameOf(table))})`)),
    ...BY_APPID.map((table) => policy(table, `${PLATFORM} AND (${WHOLE} OR ${guards.byAppid(nameOf(table))})`)),
    policy(
      'domain_ledger.domain',
      `CASE WHEN (SELECT wxfleet.every_platform()) THEN true
         WHEN ${WHOLE} THEN (
           SELECT true FROM domain_ledger.platform_domain k
            WHERE k.platform_id = (SELECT wxfleet.tenant_platform()) AND k.domain_id = domain.domain_id)
         ELSE domain_id = ANY (${guards.ownDomains}) END`,
    ),
    policy('domain_ledger.body', `CASE WHEN (SELECT wxfleet.every_platform()) THEN true ${guards.body} END`),
  ].join('\n');
}

function nameOf(table: string): string {
  return table.split('.')[1] as string;
}

const after: Guards = {
  byNumber: () => `authorizers.sees_authorizer(platform_id, authorizer_id)`,
  byAppid: () => `authorizers.sees_appid(platform_id, authorizer_appid)`,
  ownDomains: `(SELECT domain_ledger.own_domains())::int[]`,
  body: `WHEN ${WHOLE} THEN domain_ledger.sees_body(body_id) ELSE body_id = ANY ((SELECT domain_ledger.own_bodies())::int[])`,
};

/** As the migration `row-security` made them. */
const OWN_SNAPSHOTS = `authorizers.authorizer a JOIN domain_ledger.snapshot s
        ON s.platform_id = a.platform_id AND s.authorizer_id = a.authorizer_id
       AND a.platform_id = (SELECT wxfleet.tenant_platform())
       AND a.merchant_id = ANY ((SELECT wxfleet.tenant_merchants())::text[])`;
const before: Guards = {
  byNumber: (table) => `(SELECT true FROM authorizers.authorizer a
     WHERE a.platform_id = ${table}.platform_id AND a.authorizer_id = ${table}.authorizer_id)`,
  byAppid: (table) => `(SELECT true FROM authorizers.authorizer a
     WHERE a.platform_id = ${table}.platform_id AND a.authorizer_appid = ${table}.authorizer_appid)`,
  ownDomains: `ARRAY(
      SELECT DISTINCT m.domain_id FROM ${OWN_SNAPSHOTS}
        JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) AS l (list_id)
        JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id))`,
  body: `WHEN ${WHOLE} THEN (
      SELECT true FROM domain_ledger.snapshot s
       WHERE s.body_id = body.body_id AND s.platform_id = (SELECT wxfleet.tenant_platform()) LIMIT 1)
    ELSE body_id = ANY (ARRAY(SELECT s.body_id FROM ${OWN_SNAPSHOTS}))`,
};
