import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A key that is limited to merchants sees its platform, and changes nothing of it: with a push token and a key of its own
 * choice it could sign pushes for every merchant. The hub refuses; this is the second line.
 */
export class WholePlatformSecrets1764000022000 implements MigrationInterface {
  name = 'WholePlatformSecrets1764000022000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(`
        CREATE POLICY whole_inserts ON custody.${table} AS RESTRICTIVE FOR INSERT TO wxfleet_api WITH CHECK (${WHOLE});
        CREATE POLICY whole_updates ON custody.${table} AS RESTRICTIVE FOR UPDATE TO wxfleet_api USING (${WHOLE});
      `);
    }
    await queryRunner.query(pushSecrets('AND wxfleet.every_merchant()'));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(pushSecrets(''));
    for (const table of TABLES) {
      await queryRunner.query(`
        DROP POLICY whole_inserts ON custody.${table};
        DROP POLICY whole_updates ON custody.${table};
      `);
    }
  }
}

const TABLES = ['component_account', 'component_token'];
const WHOLE = `(SELECT wxfleet.every_merchant())`;

/** As the migration `row-security` made it, with one condition more for who asks on behalf of a tenant. */
function pushSecrets(condition: string): string {
  return `
    CREATE OR REPLACE FUNCTION custody.push_secrets(of_platform int) RETURNS TABLE (sealed_push_token bytea, sealed_aes_key bytea)
      LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT a.sealed_push_token, a.sealed_aes_key
        FROM custody.component_account a
       WHERE a.platform_id = of_platform
         AND (current_setting('role') <> 'wxfleet_api' OR (of_platform = wxfleet.tenant_platform() ${condition}))
         FOR NO KEY UPDATE
    $$;
  `;
}
