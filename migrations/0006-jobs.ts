import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/** Which job workers live, and how jobs are added. The engine migrates its own tables (schema `graphile_worker`) itself. */
export class Jobs1764000000006 implements MigrationInterface {
  name = 'Jobs1764000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('jobs'));
    await queryRunner.query(TABLES);
    await queryRunner.query(FUNCTIONS);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA jobs CASCADE');
  }
}

/** The engine frees the jobs of a killed worker only after four hours; we do it when the heartbeat stops. */
const TABLES = `
  CREATE TABLE jobs.worker (
    worker_id text PRIMARY KEY,
    heartbeat_at timestamptz NOT NULL
  );
`;

/** The engine guards its tables with row-level security of its own, without any policy: only their owner gets in. */
const FUNCTIONS = `
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
  REVOKE ALL ON FUNCTION jobs.add_jobs(json), jobs.free_workers(text[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION jobs.add_jobs(json) TO wxfleet_api, wxfleet_worker;
  GRANT EXECUTE ON FUNCTION jobs.free_workers(text[]) TO wxfleet_worker;
`;

const RULES = rowRules({ 'jobs.worker': { reach: reach.everybody } });
