import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every key of what belongs to a platform begins with the platform, so that tables can be distributed by it. */
export class KeysByPlatform1764000014000 implements MigrationInterface {
  name = 'KeysByPlatform1764000014000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE domain_ledger.domain_use_delta DROP CONSTRAINT domain_use_delta_pkey;
      ALTER TABLE domain_ledger.domain_use_delta ADD PRIMARY KEY (platform_id, delta_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE domain_ledger.domain_use_delta DROP CONSTRAINT domain_use_delta_pkey;
      ALTER TABLE domain_ledger.domain_use_delta ADD PRIMARY KEY (delta_id);
    `);
  }
}
