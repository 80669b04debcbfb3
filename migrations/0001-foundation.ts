import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema } from './row-rules.ts';

/** The clock that every capability reads, the two roles, and for whom a transaction runs. */
export class Foundation1764000000001 implements MigrationInterface {
  name = 'Foundation1764000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ROLES);
    await queryRunner.query(`${createSchema('wxfleet')} ${CLOCK}`);
    await queryRunner.query(TENANT);
    await queryRunner.query('GRANT SELECT ON public.wxfleet_migration TO wxfleet_worker');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA wxfleet CASCADE');
  }
}

const CLOCK = `
  -- The one clock. Development, tests and benchmarks may shift it per session to replay weeks through the real code;
  -- without that setting it is plain now(), and the planner inlines it.
  CREATE FUNCTION wxfleet.now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT now() + coalesce(nullif(current_setting('wxfleet.clock_shift', true), ''), '0')::interval $$;
`;

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

/** For whom the transaction runs. A setting that was never made is null: it opens nothing. */
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
