import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { PushHandlers, PushInbox } from '#libs/inbox';
import { JobHandlers } from '#libs/jobs';
import { SealedTables } from '#libs/kernel';
import { cloneDatabase, testKernel } from '#libs/testing';
import { AuthorizerDirectory } from './accounts/directory.ts';
import { AuthorizersModule } from './authorizers.module.ts';

describe('AuthorizersModule', () => {
  it('is made of the modules it imports; its jobs, pushes, timers and sealed tables are known', async () => {
    const database = await cloneDatabase();
    const kernel = testKernel({ db: await database.another() });
    const imports = [kernel, ScheduleModule.forRoot(), AuthorizersModule];
    const app = await Test.createTestingModule({ imports }).compile();
    await app.init();
    try {
      expect(await app.get(AuthorizerDirectory).list(database.db, 1, {}, { limit: 1 })).toMatchObject({ items: [] });
      expect(app.get(PushInbox, { strict: false })).toBeDefined();
      const handlers = app.get(PushHandlers, { strict: false });
      for (const infoType of ['authorized', 'updateauthorized', 'unauthorized', 'publication_check']) {
        expect(handlers.of(infoType)).toBeDefined();
      }
      const jobs = app.get(JobHandlers, { strict: false }).all();
      expect(jobs.map(({ definition }) => definition.name).sort()).toEqual([
        'authorizer.authorization_doubted',
        'authorizer.authorization_lost',
        'authorizers.exchange_code',
        'authorizers.read_details',
        'authorizers.reconcile',
        'authorizers.refresh_info',
        'inbox.drain_pushes',
        'inbox.pushes_missed',
        'platform.remove',
      ]);
      expect(app.get(SchedulerRegistry).getIntervals()).toEqual(
        expect.arrayContaining(['authorization_retention', 'push_rescue', 'push_retention', 'reconciliation']),
      );
      const tables = app.get(SealedTables, { strict: false }).all.map(({ table }) => table);
      expect(tables).toEqual(expect.arrayContaining(['inbox.push', 'authorizers.authorization_code']));
    } finally {
      await app.close();
      await database.drop();
    }
  });
});
