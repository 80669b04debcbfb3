import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Database } from '#libs/kernel';
import { cloneDatabase, eventually, testKernel, type TestDatabase } from '#libs/testing';
import { JobHandlers, JobQueue, JobRunner, JobsModule, defineJob, handleJob } from './index.ts';

const GREET = defineJob('spec.greet', z.strictObject({ name: z.string() }));

/** What a module above may ask for. */
@Module({ imports: [JobsModule] })
class AboveModule {
  readonly greeted: string[] = [];

  constructor(
    readonly queue: JobQueue,
    readonly runner: JobRunner,
    handlers: JobHandlers,
  ) {
    handlers.add(handleJob(GREET, async ({ name }) => void this.greeted.push(name)));
  }
}

describe('JobsModule', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await cloneDatabase();
  });
  afterEach(() => test.drop());

  it('stands by itself: a job that is added is done by the handler, and the runner stops with the module', async () => {
    const kernel = testKernel(test, { database: { url: test.url, poolSize: 4 } });
    const app = await Test.createTestingModule({ imports: [kernel, AboveModule] }).compile();
    await app.init();
    const above = app.get(AboveModule);
    await above.runner.start();
    const add = (name: string) => app.get(Database).transaction((sql) => above.queue.add(sql, GREET, { name }));
    await add('Ada');
    await eventually('the greeting', async () => above.greeted.length === 1);
    await app.close();
    expect(await test.db.query('SELECT * FROM jobs.worker')).toEqual([]);
  });
});
