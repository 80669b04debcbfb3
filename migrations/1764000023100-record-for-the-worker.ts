import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A hub whose login may not migrate looks whether somebody else has: it reads the record as the worker. */
export class RecordForTheWorker1764000023100 implements MigrationInterface {
  name = 'RecordForTheWorker1764000023100';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('GRANT SELECT ON public.wxfleet_migration TO wxfleet_worker');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('REVOKE SELECT ON public.wxfleet_migration FROM wxfleet_worker');
  }
}
