import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { z } from 'zod';
import { Metrics } from '#libs/kernel';
import { Gate, cloneDatabase, eventually, testKernel, testLog, type TestDatabase } from '#libs/testing';
import { JobHandlers, handleJob } from './job-handlers.ts';
import { JobQueue, defineJob } from './job-queue.ts';
import { JobRunner, JobRunnerOptions } from './job-runner.ts';
import { JobsModule } from './jobs.module.ts';

const greet = defineJob('greet', z.strictObject({ name: z.string() }));
const queue = new JobQueue();

describe('jobs', () => {
  let test: TestDatabase;
  const runners: JobRunner[] = [];
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await test.db.run('DELETE FROM graphile_worker._private_jobs');
  });
  afterAll(() => test.drop());

  async function start(handler: (name: string) => Promise<void>, options: Partial<JobRunnerOptions> = {}) {
    const handlers = new JobHandlers();
    handlers.add(handleJob(greet, ({ name }) => handler(name)));
    return startWith(handlers, options);
  }

  async function startWith(handlers: JobHandlers, options: Partial<JobRunnerOptions> = {}) {
    const all = Object.assign(new JobRunnerOptions(), options);
    const runner = new JobRunner(test.db, handlers, testLog().log, new Metrics(), all);
    runners.push(runner);
    await runner.start();
    return runner;
  }

  it('exist only if the transaction commits', async () => {
    await expect(
      test.db.transaction(async (sql) => {
        await queue.add(sql, greet, { name: 'lost' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await test.db.transaction((sql) => queue.add(sql, greet, { name: 'kept' }));
    const done: string[] = [];
    await start(async (name) => void done.push(name));
    await eventually('the job', () => done.length > 0);
    expect(done).toEqual(['kept']);
  });

  it('are one per key while they wait, and one more after a running one', async () => {
    const gate = new Gate();
    const done: string[] = [];
    await queue.addMany(test.db, [
      { job: greet, payload: { name: 'a' }, jobKey: 'k' },
      { job: greet, payload: { name: 'b' }, jobKey: 'k' },
    ]);
    await start(async (name) => {
      await gate.pass();
      done.push(name);
    });
    await gate.waiting;
    await queue.add(test.db, greet, { name: 'c' }, { jobKey: 'k' });
    gate.release();
    await eventually('both', () => done.length === 2);
    expect(done.sort()).toEqual(['b', 'c']);
  });

  it('refuse a payload of the wrong shape before anything is stored', async () => {
    await expect(queue.add(test.db, greet, { nome: 'x' } as never)).rejects.toThrow();
    expect(await test.db.query('SELECT * FROM graphile_worker.jobs')).toEqual([]);
  });

  it('are stored without anything about traces while those are off', async () => {
    await queue.add(test.db, greet, { name: 'x' });
    expect(await test.db.query('SELECT payload FROM graphile_worker._private_jobs')).toEqual([
      { payload: { name: 'x' } },
    ]);
  });

  it('of a killed worker are taken over as soon as its heartbeat has stopped', async () => {
    await queue.add(test.db, greet, { name: 'orphan' });
    await test.db.run(
      "UPDATE graphile_worker._private_jobs SET locked_by = 'worker-dead', locked_at = now(), attempts = 1",
    );
    await test.db.run("INSERT INTO jobs.worker VALUES ('worker-dead', now() - interval '1 minute')");
    const done: string[] = [];
    await start(async (name) => void done.push(name), { deadAfterMs: 30_000 });
    await eventually('the orphan', () => done.includes('orphan'));
  });

  it('are retried after a failure', async () => {
    let tries = 0;
    await start(async () => {
      tries += 1;
      if (tries === 1) throw new Error('first time');
    });
    await queue.add(test.db, greet, { name: 'again' });
    await eventually('second try', () => tries === 2, 20_000);
  });

  it('of one lane do not wait for the slots of another', async () => {
    const bulk = defineJob('bulk_work', z.strictObject({}), { lane: 'bulk' });
    const push = defineJob('push_work', z.strictObject({}), { lane: 'push' });
    const gate = new Gate();
    const done: string[] = [];
    const handlers = new JobHandlers();
    handlers.add(
      handleJob(bulk, async () => {
        await gate.pass();
        done.push('bulk');
      }),
      handleJob(push, async () => void done.push('push')),
    );
    await queue.addMany(
      test.db,
      Array.from({ length: 40 }, () => ({ job: bulk, payload: {} })),
    );
    await startWith(handlers);
    await gate.waiting;
    await queue.add(test.db, push, {});
    await eventually('the push', () => done.length > 0);
    expect(done).toEqual(['push']);
    gate.release();
    await eventually('the others', () => done.length === 41);
  });

  it('have one handler for each name', () => {
    const handlers = new JobHandlers();
    const handler = handleJob(greet, async () => undefined);
    handlers.add(handler);
    expect(() => handlers.add(handler)).toThrow('greet has two handlers');
  });

  it('are done by handlers that a module adds, and the runner stops with the module', async () => {
    const done: string[] = [];
    const moduleTest = await cloneDatabase();
    const app = await Test.createTestingModule({ imports: [testKernel(moduleTest), JobsModule] }).compile();
    try {
      app.get(JobHandlers).add(handleJob(greet, async ({ name }) => void done.push(name)));
      await app.init();
      await app.get(JobRunner).start();
      await moduleTest.db.transaction((sql) => app.get(JobQueue).add(sql, greet, { name: 'module' }));
      await eventually('the job', () => done.length > 0);
    } finally {
      await app.close();
    }
    const workers = await test.db.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND application_name = 'graphile_worker'",
      [new URL(moduleTest.url).pathname.slice(1)],
    );
    await moduleTest.drop();
    expect({ done, workers }).toEqual({ done: ['module'], workers: [] });
  });
});
