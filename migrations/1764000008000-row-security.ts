import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Isolation by the database itself, whatever the queries forget (decision record 0014).
 *
 * `wxfleet_api` is what a transaction on behalf of a caller runs as (`Database.forTenant`): it sees the rows of the
 * tenant named by the settings `wxfleet.platform_id` and `wxfleet.merchant_ids`, no sealed secret, and can change no
 * schema. `wxfleet_worker` is what the hub itself runs as (sweeps, refreshes, intake, caches): all rows, no schema, and
 * no change to the audit trail. Both cannot log in; the login of DATABASE_URL becomes them.
 *
 * Whoever adds a table adds its rule: a spec finds tables without one.
 */
export class RowSecurity1764000008000 implements MigrationInterface {
  name = 'RowSecurity1764000008000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ROLES);
    await queryRunner.query(TENANT);
    await queryRunner.query(SHARED_NAMES);
    await queryRunner.query(DOORS);
    await queryRunner.query(WORKER);
    for (const [table, rule] of Object.entries(RULES)) await queryRunner.query(ruleSql(table, rule));
    await queryRunner.query(API_SEQUENCES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$
      DECLARE policy record; area text;
      BEGIN
        FOR policy IN SELECT schemaname, tablename, policyname FROM pg_policies WHERE schemaname = ANY (${SCHEMA_ARRAY}) LOOP
          EXECUTE format('DROP POLICY %I ON %I.%I', policy.policyname, policy.schemaname, policy.tablename);
        END LOOP;
        FOR policy IN SELECT relnamespace::regnamespace AS schemaname, relname AS tablename FROM pg_class
                       WHERE relnamespace::regnamespace::text = ANY (${SCHEMA_ARRAY}) AND relkind = 'r' LOOP
          EXECUTE format('ALTER TABLE %s.%I DISABLE ROW LEVEL SECURITY', policy.schemaname, policy.tablename);
        END LOOP;
        FOREACH area IN ARRAY ${SCHEMA_ARRAY} LOOP
          EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM wxfleet_worker', area);
          EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM wxfleet_api, wxfleet_worker', area);
          EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM wxfleet_api, wxfleet_worker', area);
          EXECUTE format('REVOKE ALL ON SCHEMA %I FROM wxfleet_api, wxfleet_worker', area);
        END LOOP;
      END $$;
      DROP FUNCTION jobs.add_jobs(json), jobs.free_workers(text[]), custody.push_secrets(int);
      DROP TRIGGER domain_ledger_note_names ON domain_ledger.snapshot;
      DROP FUNCTION domain_ledger.note_names();
      DROP TABLE domain_ledger.platform_domain, domain_ledger.platform_content;
      DROP FUNCTION wxfleet.tenant_platform(), wxfleet.every_platform(), wxfleet.tenant_merchants(), wxfleet.every_merchant();
    `);
    // The roles belong to the whole server: other databases may use them.
  }
}

const SCHEMAS = ['access', 'custody', 'quota', 'jobs', 'inbox', 'authorizers', 'domain_ledger', 'api_ip_ledger'];
const SCHEMA_ARRAY = `'{${[...SCHEMAS, 'wxfleet'].join(',')}}'::text[]`;

/** Roles belong to the server, and several databases of it may be migrated at once: every step may have been done meanwhile. */
const ROLES = `
  DO $$
  DECLARE
    wanted text;
    attempt int := 0;
    membership text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
  BEGIN
    FOREACH wanted IN ARRAY '{wxfleet_api,wxfleet_worker}'::text[] LOOP
      LOOP
        attempt := attempt + 1;
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
          END IF;
          IF NOT pg_has_role(session_user, wanted, membership) THEN
            EXECUTE format('GRANT %I TO %I', wanted, session_user);
          END IF;
          EXIT;
        EXCEPTION
          WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'the login % may not make itself a member of the role %: let an administrator run "CREATE ROLE wxfleet_api NOLOGIN; CREATE ROLE wxfleet_worker NOLOGIN; GRANT wxfleet_api, wxfleet_worker TO %;" and start again',
              session_user, wanted, quote_ident(session_user) USING ERRCODE = 'insufficient_privilege';
          WHEN duplicate_object OR unique_violation OR internal_error THEN
            -- Another database of this server is being migrated at this very moment.
            IF attempt > 50 THEN RAISE; END IF;
            PERFORM pg_sleep(0.05);
        END;
      END LOOP;
    END LOOP;
  END $$;
`;

/**
 * For whom the transaction runs. In policies they stand in a sub-select, which makes them an InitPlan: evaluated once per
 * statement. A setting that was never made is null: it opens nothing.
 */
const TENANT = `
  CREATE FUNCTION wxfleet.tenant_platform() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(nullif(current_setting('wxfleet.platform_id', true), ''), '*')::int $$;
  CREATE FUNCTION wxfleet.every_platform() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('wxfleet.platform_id', true) = '*', false) $$;
  CREATE FUNCTION wxfleet.tenant_merchants() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT nullif(nullif(current_setting('wxfleet.merchant_ids', true), ''), '*')::text[] $$;
  CREATE FUNCTION wxfleet.every_merchant() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('wxfleet.merchant_ids', true) = '*', false) $$;
`;

/**
 * The lists of the domain ledger are shared by the installation and name nobody; they are numbers all the way down to
 * domain names and bodies. Those two are guarded: a platform sees the names that its own snapshots have held. The trigger
 * costs something only when a platform meets a content for the first time.
 */
const SHARED_NAMES = `
  CREATE TABLE domain_ledger.platform_content (
    platform_id int NOT NULL,
    content_id int NOT NULL,
    PRIMARY KEY (platform_id, content_id)
  );
  CREATE TABLE domain_ledger.platform_domain (
    platform_id int NOT NULL,
    domain_id int NOT NULL,
    PRIMARY KEY (platform_id, domain_id)
  );
  CREATE FUNCTION domain_ledger.note_names() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    WITH fresh AS (
      INSERT INTO domain_ledger.platform_content (platform_id, content_id)
      SELECT DISTINCT a.platform_id, a.content_id FROM added a
       WHERE NOT EXISTS (SELECT FROM domain_ledger.platform_content k
                          WHERE k.platform_id = a.platform_id AND k.content_id = a.content_id)
       ORDER BY a.platform_id, a.content_id
          ON CONFLICT DO NOTHING
      RETURNING platform_id, content_id
    )
    INSERT INTO domain_ledger.platform_domain (platform_id, domain_id)
    SELECT DISTINCT f.platform_id, m.domain_id
      FROM fresh f
      JOIN domain_ledger.domain_content c ON c.content_id = f.content_id, unnest(c.list_ids) AS l (list_id)
      JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id)
     WHERE NOT EXISTS (SELECT FROM domain_ledger.platform_domain k
                        WHERE k.platform_id = f.platform_id AND k.domain_id = m.domain_id)
     ORDER BY f.platform_id, m.domain_id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER domain_ledger_note_names AFTER INSERT ON domain_ledger.snapshot
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION domain_ledger.note_names();
  INSERT INTO domain_ledger.platform_content SELECT DISTINCT platform_id, content_id FROM domain_ledger.snapshot;
  INSERT INTO domain_ledger.platform_domain
  SELECT DISTINCT k.platform_id, m.domain_id
    FROM domain_ledger.platform_content k
    JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) AS l (list_id)
    JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id);
`;

/** What the api role may do only in this one way. */
const DOORS = `
  -- The job engine guards its tables with row-level security of its own, without any policy: only their owner gets in.
  CREATE FUNCTION jobs.add_jobs(requests json) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    added int;
  BEGIN
    IF current_setting('role') = 'wxfleet_api' AND NOT wxfleet.every_platform() AND EXISTS (
      SELECT FROM json_to_recordset(requests) AS r (payload json)
       WHERE (r.payload ->> 'platformId')::int IS DISTINCT FROM wxfleet.tenant_platform()
    ) THEN
      RAISE EXCEPTION 'a job of another platform' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT count(*) INTO added FROM graphile_worker.add_jobs(ARRAY(
      SELECT (j.identifier, j.payload, j.queue_name, j.run_at, j.max_attempts, j.job_key, j.priority, NULL)::graphile_worker.job_spec
        FROM json_to_recordset(requests) AS j (
          identifier text, payload json, queue_name text, run_at timestamptz, max_attempts int, job_key text, priority int)));
    RETURN added;
  END $$;
  CREATE FUNCTION jobs.free_workers(dead text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    PERFORM graphile_worker.force_unlock_workers(dead);
  END $$;
  -- What a change of a platform has to compare with, sealed; of the platform that the request is about, and no other.
  CREATE FUNCTION custody.push_secrets(of_platform int) RETURNS TABLE (sealed_push_token bytea, sealed_aes_key bytea)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.sealed_push_token, a.sealed_aes_key
      FROM custody.component_account a
     WHERE a.platform_id = of_platform
       AND (current_setting('role') <> 'wxfleet_api' OR of_platform = wxfleet.tenant_platform())
       FOR NO KEY UPDATE
  $$;
  REVOKE ALL ON FUNCTION jobs.add_jobs(json), jobs.free_workers(text[]), custody.push_secrets(int) FROM PUBLIC;
`;

/** The worker sees every row, and changes no schema. Tables of later migrations are its too, once they have a rule. */
const WORKER = `
  DO $$
  DECLARE
    area text;
    made record;
  BEGIN
    FOREACH area IN ARRAY ${SCHEMA_ARRAY} LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO wxfleet_api, wxfleet_worker', area);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO wxfleet_worker', area);
      EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %I TO wxfleet_worker', area);
      EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wxfleet_worker', area);
      FOR made IN SELECT relname FROM pg_class WHERE relnamespace = area::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', area, made.relname);
        IF (area, made.relname) <> ('access', 'audit_event') THEN
          EXECUTE format('CREATE POLICY worker ON %I.%I TO wxfleet_worker USING (true) WITH CHECK (true)', area, made.relname);
        END IF;
      END LOOP;
    END LOOP;
  END $$;
  GRANT EXECUTE ON FUNCTION jobs.add_jobs(json) TO wxfleet_api, wxfleet_worker;
  GRANT EXECUTE ON FUNCTION custody.push_secrets(int) TO wxfleet_api, wxfleet_worker;
  GRANT EXECUTE ON FUNCTION jobs.free_workers(text[]) TO wxfleet_worker;

  -- The audit trail: written, read, and chained once; never changed afterwards and never removed, not by the worker either.
  REVOKE UPDATE, DELETE ON access.audit_event FROM wxfleet_worker;
  GRANT UPDATE (seq, hash) ON access.audit_event TO wxfleet_worker;
  CREATE POLICY worker_reads ON access.audit_event FOR SELECT TO wxfleet_worker USING (true);
  CREATE POLICY worker_writes ON access.audit_event FOR INSERT TO wxfleet_worker WITH CHECK (seq IS NULL);
  CREATE POLICY worker_chains ON access.audit_event FOR UPDATE TO wxfleet_worker USING (seq IS NULL) WITH CHECK (seq IS NOT NULL);
`;

const PLATFORM = `(platform_id = (SELECT wxfleet.tenant_platform()) OR (SELECT wxfleet.every_platform()))`;
const WHOLE = `(SELECT wxfleet.every_merchant())`;
const within = (column: string) => `(${WHOLE} OR ${column} = ANY ((SELECT wxfleet.tenant_merchants())::text[]))`;

/** Whose a row is. The guard of a row that belongs to a mini program asks for that mini program, which has a guard of its own. */
const reach = {
  /** Of the platform: every key of it. */
  platform: () => PLATFORM,
  /** Of the platform as a whole: no key that is limited to merchants. */
  whole: () => `${PLATFORM} AND ${WHOLE}`,
  /** Of the merchant that the row names. */
  merchant: () => `${PLATFORM} AND ${within('merchant_id')}`,
  /** Of the merchant of the mini program. A scalar sub-select, not EXISTS: always a look-up, never a hash of the fleet. */
  authorizer: (table: string) => `${PLATFORM} AND (${WHOLE} OR (
    SELECT true FROM authorizers.authorizer a
     WHERE a.platform_id = ${table}.platform_id AND a.authorizer_id = ${table}.authorizer_id))`,
  appid: (table: string) => `${PLATFORM} AND (${WHOLE} OR (
    SELECT true FROM authorizers.authorizer a
     WHERE a.platform_id = ${table}.platform_id AND a.authorizer_appid = ${table}.authorizer_appid))`,
  /** A key of the platform; for a key limited to merchants only those that are limited at least as much. */
  apiKey: () => `${PLATFORM} AND (${WHOLE} OR merchant_ids <@ (SELECT wxfleet.tenant_merchants())::text[])`,
  /** A name that a snapshot of the tenant has held. */
  domain: () => `CASE WHEN (SELECT wxfleet.every_platform()) THEN true
    WHEN ${WHOLE} THEN (
      SELECT true FROM domain_ledger.platform_domain k
       WHERE k.platform_id = (SELECT wxfleet.tenant_platform()) AND k.domain_id = domain.domain_id)
    ELSE domain_id = ANY (ARRAY(
      SELECT DISTINCT m.domain_id FROM ${OWN_SNAPSHOTS}
        JOIN domain_ledger.domain_content c USING (content_id), unnest(c.list_ids) AS l (list_id)
        JOIN domain_ledger.domain_list dl ON dl.list_id = l.list_id, unnest(dl.domain_ids) AS m (domain_id))) END`,
  /** A body that a snapshot of the tenant came from. */
  body: () => `CASE WHEN (SELECT wxfleet.every_platform()) THEN true
    WHEN ${WHOLE} THEN (
      SELECT true FROM domain_ledger.snapshot s
       WHERE s.body_id = body.body_id AND s.platform_id = (SELECT wxfleet.tenant_platform()) LIMIT 1)
    ELSE body_id = ANY (ARRAY(SELECT s.body_id FROM ${OWN_SNAPSHOTS})) END`,
  /** Numbers and public facts. */
  everybody: () => 'true',
};

/** Of a key that is limited to merchants: from its mini programs, never through the platform's snapshots. */
const OWN_SNAPSHOTS = `authorizers.authorizer a JOIN domain_ledger.snapshot s
        ON s.platform_id = a.platform_id AND s.authorizer_id = a.authorizer_id
       AND a.platform_id = (SELECT wxfleet.tenant_platform())
       AND a.merchant_id = ANY ((SELECT wxfleet.tenant_merchants())::text[])`;

interface Rule {
  reach: keyof typeof reach;
  /** What the api role may do with the rows within reach; `{open}` stands for the columns that are not `hidden`. Absent: nothing. */
  api?: readonly string[];
  /** Columns that the api role never reads: sealed secrets, digests of secrets, what is another tenant's business. */
  hidden?: readonly string[];
  /** What may be inserted, where it is more than what is seen afterwards. */
  mayInsert?: keyof typeof reach;
}

const RULES: Record<string, Rule> = {
  'access.api_key': {
    reach: 'apiKey',
    api: ['SELECT ({open})', 'INSERT', 'UPDATE (revoked_at, expires_at, replaced_by)'],
    hidden: ['key_digest'],
  },
  'access.audit_event': {
    reach: 'merchant',
    api: ['SELECT', 'INSERT (platform_id, merchant_id, actor, action, subject, outcome, address, count, detail)'],
    mayInsert: 'platform',
  },
  'access.audit_head': { reach: 'everybody' },
  'access.console_user': {
    reach: 'whole',
    api: ['SELECT ({open})', 'INSERT', 'UPDATE (role, password_hash, password_changed_at, disabled_at)'],
    hidden: ['password_hash'],
  },
  'access.session': { reach: 'whole', api: ['SELECT ({open})', 'UPDATE (ended_at)'], hidden: ['token_digest'] },
  'access.login_brake': { reach: 'everybody' },

  'custody.component_account': {
    reach: 'platform',
    api: ['SELECT ({open})', 'INSERT', 'UPDATE'],
    hidden: [
      'sealed_appsecret',
      'sealed_push_token',
      'sealed_aes_key',
      'sealed_previous_push_token',
      'sealed_previous_aes_key',
    ],
  },
  'custody.component_ticket': {
    reach: 'platform',
    api: ['SELECT ({open})'],
    hidden: ['sealed_ticket', 'sealed_working_ticket'],
  },
  'custody.component_token': {
    reach: 'platform',
    api: ['SELECT ({open})', 'INSERT', 'UPDATE (retry_after, failures, lease_until, lease_generation)'],
    hidden: ['sealed_token'],
  },
  'custody.authorizer_token': {
    reach: 'appid',
    api: ['SELECT ({open})'],
    hidden: ['sealed_refresh_token', 'sealed_previous_refresh_token', 'sealed_access_token'],
  },

  'quota.call_count': { reach: 'whole', api: ['SELECT'] },
  'quota.merchant_call_chunk': { reach: 'whole', api: ['SELECT'] },
  'quota.count_source': { reach: 'everybody' },
  'quota.park': { reach: 'appid', api: ['SELECT'] },
  'quota.budget': { reach: 'whole', api: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  'jobs.worker': { reach: 'everybody' },

  'inbox.push': { reach: 'whole', api: ['SELECT ({open})'], hidden: ['digest', 'sealed_body'] },

  'authorizers.merchant': { reach: 'merchant', api: ['SELECT', 'INSERT', 'UPDATE (name, updated_at)'] },
  'authorizers.authorizer': { reach: 'merchant', api: ['SELECT', 'UPDATE (merchant_id, updated_at)'] },
  'authorizers.authorization_link': {
    reach: 'merchant',
    api: ['SELECT ({open})', 'INSERT'],
    hidden: ['pre_auth_code_digest'],
  },
  'authorizers.authorization_code': {
    reach: 'whole',
    api: ['SELECT ({open})'],
    hidden: ['code_digest', 'sealed_code'],
  },
  'authorizers.authorizer_event': { reach: 'appid', api: ['SELECT'] },
  'authorizers.reconciliation': { reach: 'whole', api: ['SELECT', 'INSERT'] },
  'authorizers.reconciliation_seen': { reach: 'whole' },

  'domain_ledger.watch': { reach: 'authorizer', api: ['SELECT'] },
  'domain_ledger.snapshot': { reach: 'authorizer', api: ['SELECT'] },
  'domain_ledger.observation_gap': { reach: 'authorizer', api: ['SELECT'] },
  'domain_ledger.domain_use': { reach: 'whole', api: ['SELECT'] },
  'domain_ledger.domain_use_delta': { reach: 'whole', api: ['SELECT'] },
  'domain_ledger.sweep': { reach: 'whole', api: ['SELECT', 'INSERT'] },
  'domain_ledger.sweep_shard': { reach: 'whole', api: ['SELECT', 'INSERT'] },
  'domain_ledger.retention': { reach: 'whole', api: ['SELECT'] },
  'domain_ledger.platform_list': { reach: 'platform', api: ['SELECT'] },
  'domain_ledger.platform_content': { reach: 'platform', api: ['SELECT'] },
  'domain_ledger.platform_domain': { reach: 'platform', api: ['SELECT'] },
  'domain_ledger.domain': { reach: 'domain', api: ['SELECT'] },
  'domain_ledger.body': { reach: 'body', api: ['SELECT ({open})'], hidden: ['digest'] },
  'domain_ledger.domain_list': { reach: 'everybody', api: ['SELECT ({open})'], hidden: ['digest'] },
  'domain_ledger.domain_content': { reach: 'everybody', api: ['SELECT ({open})'], hidden: ['digest'] },
  'domain_ledger.domain_change_set': { reach: 'everybody', api: ['SELECT ({open})'], hidden: ['digest'] },
  'domain_ledger.domain_change_part': { reach: 'everybody', api: ['SELECT'] },

  // WeChat's own addresses are the same for everybody; whose token fetched them is not told.
  'api_ip_ledger.ip_snapshot': { reach: 'everybody', api: ['SELECT ({open})'], hidden: ['platform_id'] },
  'api_ip_ledger.ip_watch': { reach: 'everybody', api: ['SELECT'] },
};

/** A table that has gone or is yet to come is no reason not to start; the spec that walks the catalogs finds both. */
function ruleSql(table: string, rule: Rule): string {
  const [schema, name] = table.split('.') as [string, string];
  const open = `(SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = '${table}'::regclass
      AND attnum > 0 AND NOT attisdropped AND NOT attname = ANY ('{${(rule.hidden ?? []).join(',')}}'::name[]))`;
  const grants = (rule.api ?? []).map(
    (grant) => `EXECUTE replace('GRANT ${grant} ON ${table} TO wxfleet_api', '{open}', ${open});`,
  );
  return `
    DO $$ BEGIN
      IF to_regclass('${table}') IS NULL THEN RETURN; END IF;
      EXECUTE $policy$CREATE POLICY tenant ON ${schema}.${name} TO wxfleet_api USING (${reach[rule.reach](name)})$policy$;
      ${rule.mayInsert ? `CREATE POLICY tenant_inserts ON ${schema}.${name} FOR INSERT TO wxfleet_api WITH CHECK (${reach[rule.mayInsert](name)});` : ''}
      ${grants.join('\n      ')}
    END $$;`;
}

const API_SEQUENCES = `
  GRANT SELECT ON domain_ledger.subject TO wxfleet_api;
  GRANT USAGE ON SEQUENCE custody.component_account_platform_id_seq TO wxfleet_api;
`;
