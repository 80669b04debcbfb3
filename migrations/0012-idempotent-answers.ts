import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The answer of a request with an `Idempotency-Key` is stored in the transaction that does its work. */
export class IdempotentAnswers1764000000012 implements MigrationInterface {
  name = 'IdempotentAnswers1764000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(KEEP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION access.keep_idempotent_answer');
  }
}

/** The api role does not reach the table: it stores the answer of a request that is running, and reads none. */
const KEEP = `
  CREATE FUNCTION access.keep_idempotent_answer(platform int, caller text, digest bytea, generation bigint, sealed bytea)
    RETURNS boolean LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      WITH kept AS (
        UPDATE access.idempotency_key k SET sealed_answer = sealed, lease_until = wxfleet.now()
         WHERE k.platform_id = platform AND k.actor = caller AND k.key_digest = digest AND k.lease_generation = generation
           AND k.sealed_answer IS NULL
           AND (current_setting('role') <> 'wxfleet_api' OR wxfleet.every_platform() OR platform = wxfleet.tenant_platform())
        RETURNING 1
      ) SELECT count(*) = 1 FROM kept
  $$;
  REVOKE ALL ON FUNCTION access.keep_idempotent_answer FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION access.keep_idempotent_answer TO wxfleet_api, wxfleet_worker;
`;
