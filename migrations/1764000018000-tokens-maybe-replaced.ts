import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A refresh whose answer is not here may have replaced the access token at WeChat, where the old one then has five minutes at
 * most. Such a token is not like any other: it is only served when a newer one cannot be had.
 */
export class TokensMaybeReplaced1764000018000 implements MigrationInterface {
  name = 'TokensMaybeReplaced1764000018000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE custody.authorizer_token
        ADD COLUMN may_be_replaced boolean NOT NULL DEFAULT false;   -- the access token, by a refresh whose answer was lost
      GRANT SELECT (may_be_replaced) ON custody.authorizer_token TO wxfleet_api;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE custody.authorizer_token DROP COLUMN may_be_replaced');
  }
}
