/**
 * Isolation by the database itself, whatever the queries forget (decision record 0014).
 *
 * `wxfleet_api` is what a transaction on behalf of a caller runs as (`Database.forTenant`): it sees the rows of the
 * tenant named by the settings `wxfleet.platform_id` and `wxfleet.merchant_ids`, no sealed secret, and can change no
 * schema. `wxfleet_worker` is what the hub itself runs as (sweeps, refreshes, intake, caches): all rows, no schema, and
 * no change to the audit trail. Both cannot log in; the login of DATABASE_URL becomes them.
 *
 * Every table needs a rule: a spec finds tables without one.
 */
export interface RowRule {
  /** An expression that is true for the rows that the api role reaches; see `reach`. */
  reach: string;
  /** What the api role may do with the rows within reach; `{open}` stands for the columns that are not `hidden`. Absent: nothing. */
  api?: readonly string[];
  /** Columns that the api role never reads: sealed secrets, digests of secrets, what is another tenant's business. */
  hidden?: readonly string[];
  /** What may be inserted, where it is more than what is seen afterwards. */
  mayInsert?: string;
  /** Absent: the worker does everything. Given: its policies, for a table whose rows are never changed. */
  workerPolicies?: string;
}

/** In policies the functions stand in a sub-select, which makes them an InitPlan: evaluated once per statement. */
const PLATFORM = `(platform_id = (SELECT wxfleet.tenant_platform()) OR (SELECT wxfleet.every_platform()))`;
const WHOLE = `(SELECT wxfleet.every_merchant())`;
const ofMerchant = (column: string) => `(${WHOLE} OR ${column} = ANY ((SELECT wxfleet.tenant_merchants())::text[]))`;

/** Common answers to "whose is a row?". */
export const reach = {
  /** Of the platform: every key of it. */
  platform: PLATFORM,
  /** Of the platform as a whole: no key that is limited to merchants. */
  whole: `${PLATFORM} AND ${WHOLE}`,
  /** Of the merchant that the row names. */
  merchant: `${PLATFORM} AND ${ofMerchant('merchant_id')}`,
  /**
   * Of the merchant of the mini program, which has a rule of its own. Asked by a function: policies are planned with every query
   * that reads their table, and a function is planned once for a connection.
   */
  authorizer: `${PLATFORM} AND (${WHOLE} OR authorizers.sees_authorizer(platform_id, authorizer_id))`,
  appid: `${PLATFORM} AND (${WHOLE} OR authorizers.sees_appid(platform_id, authorizer_appid))`,
  /** Numbers and public facts. */
  everybody: 'true',
  /** Of no tenant. */
  nobody: 'false',
} as const;

/** A schema, open to both roles. The worker gets every table that is made in it. */
export function createSchema(schema: string): string {
  return `
    CREATE SCHEMA ${schema};
    GRANT USAGE ON SCHEMA ${schema} TO wxfleet_api, wxfleet_worker;
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wxfleet_worker;
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE, SELECT ON SEQUENCES TO wxfleet_worker;
  `;
}

/** The rules of tables, by full name; after the tables and the functions that the rules call. */
export function rowRules(rules: Readonly<Record<string, RowRule>>): string {
  return Object.entries(rules)
    .map(([table, rule]) => rowRule(table, rule))
    .join('\n');
}

function rowRule(table: string, rule: RowRule): string {
  const open = `(SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = '${table}'::regclass
      AND attnum > 0 AND NOT attisdropped AND NOT attname = ANY ('{${(rule.hidden ?? []).join(',')}}'::name[]))`;
  const grants = (rule.api ?? []).map(
    (grant) => `EXECUTE replace('GRANT ${grant} ON ${table} TO wxfleet_api', '{open}', ${open});`,
  );
  return `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ${rule.workerPolicies ?? `CREATE POLICY worker ON ${table} TO wxfleet_worker USING (true) WITH CHECK (true);`}
    CREATE POLICY tenant ON ${table} TO wxfleet_api USING (${rule.reach});
    ${rule.mayInsert ? `CREATE POLICY tenant_inserts ON ${table} FOR INSERT TO wxfleet_api WITH CHECK (${rule.mayInsert});` : ''}
    ${grants.length > 0 ? `DO $grants$ BEGIN ${grants.join('\n')} END $grants$;` : ''}`;
}
