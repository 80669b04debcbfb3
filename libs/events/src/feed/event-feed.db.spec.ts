import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventType } from '#libs/contract';
import { Metrics, WORKER_ROLE, type Database } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { EventsOptions } from '../events-options.ts';
import { EventFeed, type EventFilter } from './event-feed.ts';
import { EventRetention } from './event-retention.ts';
import { testSequencer, testTicks } from '../../test/sequencer.ts';
import { EventWriter, type NewEvent } from './event-writer.ts';
import { FeedReader } from './feed-reader.ts';
import { FeedSignal } from './feed-signal.ts';

const TYPES = ['platform.ready', 'quota.parked', 'quota.released', 'authorizer.assigned'] as const;
const MERCHANTS = ['m1', 'm2', null] as const;
const FILTERS: EventFilter[] = [
  {},
  { types: ['quota.*'] },
  { types: ['quota.released', 'platform.*'] },
  { merchantIds: ['m1'] },
  { authorizerAppid: 'wx-1' },
  { merchantIds: ['m2'], types: ['quota.parked'] },
];

describe('the feed', () => {
  let test: TestDatabase;
  let db: Database;
  let sequencer: ReturnType<typeof testSequencer>;
  const writer = new EventWriter();
  const feed = new EventFeed();
  beforeAll(async () => {
    test = await cloneDatabase();
    db = await test.another();
    db.actAs(WORKER_ROLE);
    sequencer = testSequencer(db);
  });
  afterEach(() => db.travel(null));
  afterAll(() => test.drop());

  const eventOf = (platformId: number, type: (typeof TYPES)[number], n: number): NewEvent => {
    const common = { platformId, merchantId: MERCHANTS[n % 3] ?? null, authorizerAppid: `wx-${n % 2}` };
    if (type === 'platform.ready') return { ...common, type, data: {} };
    if (type === 'authorizer.assigned') return { ...common, type, data: { from: null, to: 'm' } };
    return { ...common, type, data: { path: String(n), until: null } };
  };
  const fits = (
    event: { type: string; merchant_id: string | null; authorizer_appid: string | null },
    filter: EventFilter,
  ) =>
    (filter.types?.some((type) => type === event.type || type === `${event.type.split('.')[0]}.*`) ?? true) &&
    (filter.merchantIds === undefined ||
      filter.merchantIds === null ||
      filter.merchantIds.includes(event.merchant_id ?? '')) &&
    (filter.authorizerAppid === undefined || filter.authorizerAppid === event.authorizer_appid);

  it('shows every reader each event once and in order, whatever they filter, however they page, and wherever they come back', async () => {
    let platformId = 1000;
    const readerStep = fc.record({
      kind: fc.constant('read' as const),
      reader: fc.nat({ max: 2 }),
      limit: fc.integer({ min: 1, max: 9 }),
      reconnect: fc.boolean(),
    });
    const step = fc.oneof(
      { weight: 3, arbitrary: readerStep },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('write' as const),
          types: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 6 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('number' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(...[0, 1, 2].map(() => fc.nat({ max: FILTERS.length - 1 }))),
        fc.array(step, { maxLength: 60 }),
        async (filters, steps) => {
          platformId += 1;
          const readers = filters.map((filter) => ({
            filter: FILTERS[filter] as EventFilter,
            after: 0,
            committed: 0,
            seen: [] as string[],
          }));
          let written = 0;
          const read = async (reader: (typeof readers)[number], limit: number, reconnect = false) => {
            // A reader that lost its connection begins where it had written down that it was.
            const after = reconnect ? reader.committed : reader.after;
            const found = await feed.read(db, platformId, { ...reader.filter, after, limit });
            expect(found.lastSeq).toBeGreaterThanOrEqual(after);
            reader.after = reader.committed = found.lastSeq;
            reader.seen.push(...found.items.map(({ id }) => id));
            return found;
          };
          for (const each of steps) {
            if (each.kind === 'write')
              await writer.write(
                db,
                each.types.map((type) => eventOf(platformId, type, (written += 1))),
              );
            else if (each.kind === 'number') await sequencer.extend();
            else await read(readers[each.reader] as (typeof readers)[number], each.limit, each.reconnect);
          }
          await sequencer.extend();
          const oracle = await test.db.query<{
            seq: number;
            type: EventType;
            merchant_id: string | null;
            authorizer_appid: string | null;
          }>(
            'SELECT seq, type, merchant_id, authorizer_appid FROM events.event WHERE platform_id = $1 ORDER BY event_id',
            [platformId],
          );
          expect(oracle.map(({ seq }) => seq)).toEqual(Array.from({ length: written }, (_, n) => n + 1));
          for (const reader of readers) {
            for (;;) {
              const { lastSeq, head } = await read(reader, 4);
              if (lastSeq >= head) break;
            }
            expect(reader.seen).toEqual(
              oracle.filter((event) => fits(event, reader.filter)).map(({ seq }) => String(seq)),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('moves over what the filter skips, a stretch at a time', async () => {
    await db.run(
      `INSERT INTO events.event (platform_id, type, occurred_at, data)
       SELECT 5, CASE WHEN n = 45000 THEN 'quota.parked' ELSE 'platform.ready' END, now(), '{"path":"/x","until":null}' FROM generate_series(1, 45010) n`,
    );
    await sequencer.extend();
    const first = await feed.read(db, 5, { after: 0, limit: 10, types: ['quota.parked'] });
    expect([first.items, first.lastSeq, first.head]).toEqual([[], 20_000, 45_010]);
    const signal = new FeedSignal(db, new Metrics());
    const page = await new FeedReader(feed, signal).page(
      (work) => work(db),
      5,
      { after: null, limit: 10, types: ['quota.*'], waitMs: 0 },
      new AbortController().signal,
    );
    expect([page.items.map(({ id }) => id), page.lastSeq]).toEqual([['45000'], 45_010]);
  });

  it('refuses a position that it has not given', async () => {
    await expect(feed.read(db, 6, { after: 1, limit: 1 })).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await feed.read(db, 6, { after: 0, limit: 1 })).toEqual({ items: [], lastSeq: 0, head: 0 });
  });

  it('removes what is old, and tells readers before it which event is the oldest', async () => {
    const options = new EventsOptions();
    const retention = new EventRetention(db, options, testTicks());
    db.travel('-40 days');
    await writer.write(
      db,
      [1, 2, 3].map((n) => eventOf(7, 'quota.parked', n)),
    );
    db.travel(null);
    await writer.write(
      db,
      [4, 5].map((n) => eventOf(7, 'quota.parked', n)),
    );
    await sequencer.extend();
    await retention.prune();
    await retention.prune();
    await expect(feed.read(db, 7, { after: 2, limit: 9 })).rejects.toMatchObject({
      code: 'cursor_expired',
      details: { oldest_event_id: '4' },
    });
    const read = async (after: number | null) =>
      (await feed.read(db, 7, { after, limit: 9 })).items.map(({ id }) => id);
    expect(await read(3)).toEqual(['4', '5']);
    expect(await read(null)).toEqual(['4', '5']);
    await writer.write(db, [eventOf(7, 'quota.parked', 6)]);
    await sequencer.extend();
    expect(await read(null)).toEqual(['4', '5', '6']);
  });

  it('wakes a reader that waits, and ends its wait when it has gone', async () => {
    const signal = new FeedSignal(db, new Metrics());
    await signal.onModuleInit();
    const reader = new FeedReader(feed, signal);
    const as = <T>(work: (sql: Database) => Promise<T>) => work(db);
    const gone = new AbortController();
    const query = { after: null, limit: 10, waitMs: 60_000, types: ['quota.*'] };
    const waiting = reader.page(as, 8, query, gone.signal);
    await writer.write(db, [eventOf(8, 'platform.ready', 1)]);
    await sequencer.extend();
    await writer.write(db, [eventOf(8, 'quota.parked', 2)]);
    await sequencer.extend();
    expect(await waiting).toMatchObject({ items: [{ id: '2' }], lastSeq: 2 });
    const again = reader.page(as, 8, { ...query, after: 2 }, gone.signal);
    gone.abort();
    expect(await again).toMatchObject({ items: [], lastSeq: 2 });
    await signal.onApplicationShutdown();
  });
});
