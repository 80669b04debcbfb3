import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A process that stood still for longer than its lease may get a token while another one, which has taken its place, is getting
 * one too. Which of the two WeChat gave last cannot be known, and only the other one is kept: it has to be replaced soon.
 */
export class LateResults1764000025000 implements MigrationInterface {
  name = 'LateResults1764000025000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE custody.authorizer_token
        ADD COLUMN late_result_at timestamptz;   -- WeChat last gave a token that came too late to be written
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE custody.authorizer_token DROP COLUMN late_result_at');
  }
}
