import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { cloneDatabase, eventually, testKernel } from '#libs/testing';
import { PushDispatcher } from './dispatch/push-dispatcher.ts';
import { InboxModule } from './inbox.module.ts';
import { PushInbox } from './intake/push-inbox.ts';
import { PushArchive } from './push-archive.ts';

describe('InboxModule', () => {
  it('is made of the modules it imports', async () => {
    const database = await cloneDatabase();
    const kernel = testKernel({ db: await database.another() });
    const app = await Test.createTestingModule({ imports: [kernel, ScheduleModule.forRoot(), InboxModule] }).compile();
    await app.init();
    try {
      expect(app.get(PushInbox)).toBeDefined();
      expect(await app.get(PushDispatcher).replay(1, 1)).toBe('not_found');
      expect(await app.get(PushArchive).list(database.db, 1, { limit: 1 })).toEqual([]);
      // A process that takes pushes has said that it is alive.
      await eventually('the heartbeat', async () => {
        const [row] = await database.db.query<{ count: number }>('SELECT count(*) AS count FROM inbox.intake');
        return row?.count === 1;
      });
    } finally {
      await app.close();
      await database.drop();
    }
  });
});
