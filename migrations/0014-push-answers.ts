import type { MigrationInterface, QueryRunner } from 'typeorm';
import { reach, rowRules } from './row-rules.ts';

/** How long pushes of WeChat waited for their answers. */
export class PushAnswers1764000000014 implements MigrationInterface {
  name = 'PushAnswers1764000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE inbox.answer_hour');
  }
}

const TABLES = `
  -- Pushes by the hour in which they were answered (UTC) and by the time that it took; of all processes together.
  CREATE TABLE inbox.answer_hour (
    platform_id int NOT NULL,
    hour timestamptz NOT NULL,
    waited_for text NOT NULL CHECK (waited_for IN ('hub', 'backend')),   -- where most of the time went; backend: that of a relay
    up_to_ms int NOT NULL,                 -- upper end of the bucket; 2147483647: no end
    answers bigint NOT NULL,
    PRIMARY KEY (platform_id, hour, waited_for, up_to_ms)
  );
`;

const RULES = rowRules({
  'inbox.answer_hour': { reach: reach.whole },
});
