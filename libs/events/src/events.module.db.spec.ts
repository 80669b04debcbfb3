import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { cloneDatabase, eventually, testKernel } from '#libs/testing';
import { EventsModule } from './events.module.ts';
import { EventFeed } from './feed/event-feed.ts';
import { EventWriter } from './feed/event-writer.ts';

describe('EventsModule', () => {
  it('stands by itself: what is written is numbered and read', async () => {
    const test = await cloneDatabase();
    const { url } = test;
    const app = await Test.createTestingModule({
      imports: [testKernel(test, { database: { url, poolSize: 4 } }), EventsModule],
    }).compile();
    await app.init();
    await test.db.transaction((sql) =>
      app.get(EventWriter).write(sql, [{ platformId: 1, type: 'webhook.test', data: {} }]),
    );
    const read = () => app.get(EventFeed).read(test.db, 1, { after: null, limit: 5 });
    await eventually('the number', async () => (await read()).items.length === 1);
    expect((await read()).items).toMatchObject([{ id: '1', type: 'webhook.test' }]);
    await app.close();
    await test.drop();
  });
});
