import type { TwoTenants } from './two-tenants.ts';

/**
 * What moves by itself: refreshes, rounds and their counts, what is observed and how it went, jobs of pushes.
 * Rows may come and go there, and are looked at by `isolation.db.spec.ts`.
 */
const MOVING = new Set([
  // Nobody's; they name whose token fetched them last.
  'api_ip_ledger.ip_snapshot',
  'authorizers.authorization_code',
  'authorizers.authorizer_event',
  'authorizers.grant_change',
  'authorizers.reconciliation',
  'authorizers.reconciliation_seen',
  'custody.component_token',
  'domain_ledger.change_day',
  'domain_ledger.domain_use_delta',
  'domain_ledger.domain_use',
  'domain_ledger.look_batch',
  'domain_ledger.platform_list',
  'domain_ledger.reopened_day',
  'domain_ledger.retention',
  'domain_ledger.sweep',
  'domain_ledger.sweep_shard',
  'domain_ledger.watch',
  'inbox.answer_hour',
  'inbox.push',
  'inbox.refused_push',
  'quota.call_count',
  'quota.merchant_call_chunk',
  'quota.park',
]);
/**
 * The same, of events: those of addresses are told to every platform, because the lists are WeChat's own; runs end by themselves.
 * A run that a request began would be seen by its audit event, which is compared, and so would an end that has no beginning: it names
 * its run. Platforms of the spec get no tickets but the first, so that events of tickets are nobody's but a forger's.
 */
const MOVING_EVENTS = ['api_ips.changed', 'reconciliation.finished', 'sweep.finished'];
/** A park of the fixture ends by its time. */
const FIXTURE_PARK = `type = 'quota.released' AND data ->> 'path' = '/x'`;
/** The same, of columns. */
const MOVING_COLUMNS = new Set([
  'last_observed_at',
  'observations',
  'last_used_at',
  'updated_at',
  'seq',
  'hash',
  'slot',
]);
/** What a refresh in the background replaces. */
const OF_TOKENS =
  /access_token|refresh|lease|generation|failures|attempt|retry|asked|info_asked|info_fetched|first_look|verified|last_failure|working|may_be_replaced|late_result/;

/**
 * A digest of every table's rows of a platform, or of what belongs to one merchant of it by its mark, and no more of it than only
 * a request could change.
 */
export async function rowsOutOfReach(
  { world, platformIds, authorizerIds }: TwoTenants,
  componentAppid: string,
  mark?: string,
): Promise<Record<string, string>> {
  const tables = await world.db.query<{ name: string; columns: string[] }>(
    `SELECT table_schema || '.' || table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
       FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema', 'graphile_worker')
      GROUP BY 1 HAVING bool_or(column_name = 'platform_id') ORDER BY 1`,
  );
  const digests: Record<string, string> = {};
  const merchantId = mark?.endsWith('one') ? 'm1' : 'm2';
  for (const { name, columns } of tables.filter((table) => !MOVING.has(table.name))) {
    const kept = columns.filter((column) => !MOVING_COLUMNS.has(column) && !OF_TOKENS.test(column));
    const owner = ['merchant_id', 'authorizer_appid', 'authorizer_id'].find((column) => columns.includes(column));
    if (mark !== undefined && owner === undefined) continue;
    const whose = { merchant_id: merchantId, authorizer_appid: `wx-${mark}`, authorizer_id: authorizerIds[mark ?? ''] };
    const values: unknown[] = [platformIds[componentAppid]];
    let condition = '';
    if (mark !== undefined) condition += ` AND ${owner} = $${values.push(whose[owner as keyof typeof whose])}`;
    if (name === 'events.event') {
      condition += ` AND type <> ALL ($${values.push(MOVING_EVENTS)}) AND NOT (${FIXTURE_PARK})`;
    }
    const [row] = await world.db.query<{ digest: string }>(
      `SELECT count(*) || ' ' || md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '')) AS digest
         FROM (SELECT ${kept.map((column) => `"${column}"`).join(', ')} FROM ${name} WHERE platform_id = $1${condition}) r`,
      values,
    );
    digests[name] = row?.digest ?? '';
  }
  digests['ends of runs without a beginning'] = await strayEnds(world, platformIds[componentAppid] as number);
  return digests;
}

/** Events of the moving kinds that nothing of the platform explains. */
async function strayEnds(world: TwoTenants['world'], platformId: number): Promise<string> {
  const [row] = await world.db.query<{ stray: string }>(
    `SELECT coalesce(string_agg(e::text, E'\\n'), '') AS stray FROM events.event e
      WHERE e.platform_id = $1
        AND (type = 'reconciliation.finished' AND NOT EXISTS (
               SELECT FROM authorizers.reconciliation r WHERE r.platform_id = e.platform_id
                  AND r.reconciliation_id::text = e.data ->> 'reconciliation_id' AND r.state = e.data ->> 'state')
          OR type = 'sweep.finished' AND NOT EXISTS (
               SELECT FROM domain_ledger.sweep s WHERE s.platform_id = e.platform_id
                  AND s.sweep_id::text = e.data ->> 'sweep_id' AND s.finished_at IS NOT NULL)
          OR type = 'api_ips.changed' AND NOT EXISTS (
               SELECT FROM api_ip_ledger.ip_snapshot i WHERE i.kind = e.data ->> 'kind'))`,
    [platformId],
  );
  return row?.stray ?? '';
}
