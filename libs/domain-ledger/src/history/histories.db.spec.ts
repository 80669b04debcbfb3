import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { addMiniProgramRows, answer, observation, type Domains } from '../../test/fleet.ts';
import { ArrivalStore, NaiveStore, contentOf } from '../../test/naive-store.ts';
import { DomainHistory, DomainLedger, miscounted } from '../index.ts';
import { ObservationClock } from '../record/observation-clock.ts';

jest.setTimeout(3_600_000);

/** Histories in all; `npm run fuzz -- histories` asks for a hundred thousand. */
const HISTORIES = Number(process.env.WXFLEET_HISTORIES ?? 3000);
/** They share their moments, so that many together cost little more statements than few: as on the pages of a sweep. */
const AT_ONCE = HISTORIES > 10_000 ? 500 : 100;
const HOUR = 3_600_000;
const INTERVAL = 24 * HOUR;
const SILENCE = 2 * INTERVAL + HOUR;
const PLATFORM = 3;
/** Simulated weeks begin here; steps are whole hours. */
const START = Date.UTC(2025, 5, 1);
/** Revocations happen by the database's own clock, which cannot be set to the millisecond: so not at a moment asked about. */
const REVOKED_AFTER = HOUR / 4;

type Step = { hours: number } & ({ kind: 'observed'; body: Buffer } | { kind: 'failed' | 'revoked' | 'granted' });

const lists = fc.record(
  {
    requestdomain: fc.subarray(['https://a.cn', 'https://B.cn/', 'https://b.cn', 'https://c.cn:8443'], {
      minLength: 0,
    }),
    wsrequestdomain: fc.subarray(['wss://a.cn', 'wss://b.cn']),
    udpdomain: fc.constantFrom([], ['udp://u.cn']),
  },
  { requiredKeys: [] },
);
/** Few contents, in many spellings: histories come back to what they were. */
const body = fc
  .record(
    { mp_domain: lists, third_domain: lists, direct_domain: fc.constant({}), effective_domain: lists },
    { requiredKeys: [] },
  )
  .map((domains) => answer(domains as Domains));
const step = (bodies: fc.Arbitrary<Buffer>): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        hours: fc.integer({ min: 1, max: 30 }),
        kind: fc.constant('observed' as const),
        body: bodies,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 60 }), kind: fc.constant('failed' as const) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        hours: fc.integer({ min: 1, max: 20 }),
        kind: fc.constantFrom('revoked' as const, 'granted' as const),
      }),
    },
  );
const history = fc
  .array(body, { minLength: 1, maxLength: 3 })
  .chain((bodies) => fc.array(step(fc.constantFrom(...bodies)), { minLength: 1, maxLength: 14 }));
const histories = fc.array(history, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' });

describe('histories held against a store of full answers', () => {
  let test: TestDatabase;
  let made = 0;
  let jumps = 0;
  const wallClock = Date.now.bind(Date);
  const ledger = new DomainLedger({ snapshotIntervalMs: INTERVAL });
  const read = new DomainHistory();
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  const newPrograms = async (count: number) => {
    made += count;
    const rows = Array.from({ length: count }, (_, index) => ({ appid: `wx${made - index}` }));
    return addMiniProgramRows(test.db, PLATFORM, rows);
  };
  /** Everything that happens at one moment, in one batch, as a page of a sweep. */
  const happen = async (at: number, events: { id: number; step: Step }[]) => {
    // The process's own clock jumps by weeks with every look at it: what counts is the database's, and what has passed since.
    const jumping = jest.spyOn(Date, 'now').mockImplementation(() => wallClock() + (jumps++ % 7) * 14 * 24 * HOUR);
    let passed = 0;
    const time = ObservationClock.at({ wallMs: () => Date.now(), monotonicMs: () => passed }, new Date(at - HOUR));
    passed = HOUR;
    const date = time.now();
    await test.db.transaction(async (sql) => {
      await ledger.record(
        sql,
        PLATFORM,
        events.flatMap(({ id, step }) => (step.kind === 'observed' ? [observation(id, date, step.body)] : [])),
      );
      await ledger.noteGaps(
        sql,
        PLATFORM,
        events.flatMap(({ id, step }) =>
          step.kind === 'failed'
            ? [
                {
                  authorizerId: id,
                  at: date,
                  reason: 'call_failed' as const,
                  failure: { at: date.toISOString(), code: 'upstream_busy', wechat: null },
                  transient: true,
                },
              ]
            : [],
        ),
      );
    });
    jumping.mockRestore();
    const revoked = events.filter(({ step }) => step.kind === 'revoked').map(({ id }) => id);
    const granted = events.filter(({ step }) => step.kind === 'granted').map(({ id }) => id);
    if (revoked.length + granted.length === 0) return;
    // The database's clock stands at that moment; it decides since when a revocation blinds.
    test.db.travel(`${at + REVOKED_AFTER - Date.now()} milliseconds`);
    for (const [ids, sets] of [
      [revoked, '{17}'],
      [granted, '{17,18}'],
    ] as const) {
      await test.db.run(
        `UPDATE authorizers.authorizer SET permission_sets = $2::int[] WHERE authorizer_id = ANY ($1::bigint[])`,
        [ids, sets],
      );
    }
    test.db.travel(null);
  };

  const timeline = (all: Step[][], ids: number[]) => {
    const moments = new Map<number, { id: number; step: Step }[]>();
    const naive = ids.map(() => new NaiveStore(SILENCE));
    const ends = all.map((steps, index) => {
      let at = START;
      let granted = true;
      for (const step of steps) {
        at += step.hours * HOUR;
        moments.set(at, [...(moments.get(at) ?? []), { id: ids[index] as number, step }]);
        if (step.kind === 'observed') naive[index]?.add({ at, kind: 'observed', body: step.body });
        else if (step.kind === 'failed') naive[index]?.add({ at, kind: 'hindered' });
        // Losing what is lost already is no news.
        else if (step.kind === 'revoked' && granted) naive[index]?.add({ at: at + REVOKED_AFTER, kind: 'hindered' });
        if (step.kind === 'revoked') granted = false;
        if (step.kind === 'granted') granted = true;
      }
      return at;
    });
    return { moments: [...moments].sort(([a], [b]) => a - b), naive, ends };
  };

  /** A half hour beside the steps, or exactly on one. */
  const questions = (seed: number, end: number) =>
    Array.from({ length: 6 }, (_, index) => {
      const span = (end - START) / HOUR + 60;
      const hour = Math.floor(((seed * 7919 + index * 104_729) % 1000) * (span / 1000));
      return START + hour * HOUR + (index % 2 === 0 ? HOUR / 2 : 0);
    });

  const asked = (id: number, moments: number[]) =>
    Promise.all(
      moments.map(async (moment) => ({ moment, answered: await read.at(test.db, PLATFORM, id, new Date(moment)) })),
    );

  it('rebuilds any moment exactly as it was observed, with the right certainty', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (all, seed) => {
        const ids = await newPrograms(all.length);
        const { moments, naive, ends } = timeline(all, ids);
        for (const [at, events] of moments) await happen(at, events);
        for (const [index, id] of ids.entries()) {
          for (const { moment, answered } of await asked(id, questions(seed + index, ends[index] ?? START))) {
            const truth = naive[index]?.at(moment);
            const told = {
              certainty: answered.certainty,
              content: answered.domains && contentOf(Buffer.from(JSON.stringify(answered.domains))),
            };
            expect(told).toEqual({ certainty: truth?.certainty, content: truth?.content });
            const before = answered.observed_before && Date.parse(answered.observed_before);
            const after = answered.observed_after && Date.parse(answered.observed_after);
            if (truth?.certainty !== 'observed') {
              expect([before, after]).toEqual([truth?.before, truth?.after]);
            } else {
              // Within a run only some of its observations are known by their time, but those truly happened.
              expect(before).toBeLessThanOrEqual(truth.before ?? 0);
              if (after !== null) expect(after).toBeGreaterThanOrEqual(truth.after ?? 0);
            }
          }
        }
      }),
      { numRuns: Math.ceil(HISTORIES / AT_ONCE / 2), endOnFailure: true },
    );
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
  });

  /** Hours by which an answer or a failure comes late. Revocations and grants are never late: the database's own clock says when they are. */
  const delayOf = (at: number, seed: number) => {
    const dice = ((at / HOUR) * 2_654_435_761 + seed) % 1_000_003;
    return dice % 3 === 0 ? 0 : (dice % 90) * HOUR + HOUR / 3;
  };

  it('tells of late answers and failures what it says it does, and claims nothing that was not so', async () => {
    const weight = { unknown: 0, between_observations: 1, latest: 1, observed: 2 };
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (all, seed) => {
        const ids = await newPrograms(all.length);
        const { moments, naive, ends } = timeline(all, ids);
        const own = (event: { step: Step }) => event.step.kind === 'revoked' || event.step.kind === 'granted';
        const arrivals = moments
          .flatMap(([at, events]) => [
            { at, when: at + delayOf(at, seed), events: events.filter((event) => !own(event)) },
            { at, when: at + REVOKED_AFTER, events: events.filter(own) },
          ])
          .sort((a, b) => a.when - b.when);
        const stores = new Map(ids.map((id) => [id, { store: new ArrivalStore(SILENCE), granted: true }]));
        for (const { at, events } of arrivals) {
          if (events.length > 0) await happen(at, events);
          for (const { id, step } of events) {
            const of = stores.get(id);
            if (step.kind === 'observed') of?.store.observed(at, step.body);
            else if (step.kind === 'failed') of?.store.failed(at);
            else if (step.kind === 'revoked' && of?.granted) of.store.revoked(at + REVOKED_AFTER);
            if (of && own({ step })) of.granted = step.kind === 'granted';
          }
        }
        for (const [index, id] of ids.entries()) {
          for (const { moment, answered } of await asked(id, questions(seed + index, ends[index] ?? START))) {
            const told = {
              certainty: answered.certainty,
              content: answered.domains && contentOf(Buffer.from(JSON.stringify(answered.domains))),
              before: answered.observed_before && Date.parse(answered.observed_before),
              after: answered.observed_after && Date.parse(answered.observed_after),
            };
            expect(told).toEqual(stores.get(id)?.store.at(moment));
            const truth = naive[index]?.at(moment);
            expect(weight[told.certainty]).toBeLessThanOrEqual(weight[truth?.certainty ?? 'unknown']);
            if (told.certainty === 'observed') expect(told.content).toBe(truth?.content);
          }
        }
      }),
      { numRuns: Math.ceil(HISTORIES / AT_ONCE / 2), endOnFailure: true },
    );
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
  });

  /** An answer is true this long after it was asked, whenever it is read. */
  const TRUE_AFTER = HOUR / 12;

  interface Look {
    index: number;
    id: number;
    asked: number;
    answered: number;
    body: Buffer;
  }

  /** Records what was seen in the order in which it was read, and holds answers about moments against both stores. */
  const agreeOnLooks = async (
    looks: readonly Look[],
    ids: readonly number[],
    momentsOf: (index: number, end: number) => number[],
  ) => {
    const weight = { unknown: 0, between_observations: 1, latest: 1, observed: 2 };
    const naive = ids.map(() => new NaiveStore(SILENCE));
    const stores = ids.map(() => new ArrivalStore(SILENCE));
    for (const look of looks)
      naive[look.index]?.add({ at: look.asked + TRUE_AFTER, kind: 'observed', body: look.body });
    const arrivals = new Map<number, Look[]>();
    for (const look of looks) arrivals.set(look.answered, [...(arrivals.get(look.answered) ?? []), look]);
    for (const [, together] of [...arrivals].sort(([a], [b]) => a - b)) {
      const inOrder = [...together].sort((a, b) => a.asked - b.asked);
      for (const look of inOrder) stores[look.index]?.observed(look.asked, look.body, look.answered);
      await test.db.transaction((sql) =>
        ledger.record(
          sql,
          PLATFORM,
          inOrder.map(({ id, asked: at, body: said, answered }) =>
            observation(id, new Date(at), said, new Date(answered)),
          ),
        ),
      );
    }
    for (const [index, id] of ids.entries()) {
      const own = looks.filter((look) => look.index === index);
      const end = own.at(-1)?.answered ?? START;
      for (const { moment, answered } of await asked(id, momentsOf(index, end))) {
        const told = {
          certainty: answered.certainty,
          content: answered.domains && contentOf(Buffer.from(JSON.stringify(answered.domains))),
          before: answered.observed_before && Date.parse(answered.observed_before),
          after: answered.observed_after && Date.parse(answered.observed_after),
        };
        expect(told).toEqual(stores[index]?.at(moment));
        const truth = naive[index]?.at(moment);
        if (told.certainty !== 'observed') continue;
        expect(weight[told.certainty]).toBeLessThanOrEqual(weight[truth?.certainty ?? 'unknown']);
        expect(told.content).toBe(truth?.content);
      }
      // What was asked last is what is shown, whatever was read last.
      const last = own.reduce<Look | null>((a, b) => (a && a.asked > b.asked ? a : b), null);
      const [now] = await asked(id, [end + 1000 * HOUR]);
      const content = now?.answered.domains && contentOf(Buffer.from(JSON.stringify(now.answered.domains)));
      expect(content ?? null).toBe(last && contentOf(last.body));
    }
  };

  /**
   * Several processes look at the same mini programs, and are paused (garbage collection, SIGSTOP, a machine that is moved) with
   * answers in their sockets: what was asked early is read and recorded hours later, behind what was asked after it. An answer is true
   * minutes after it was asked.
   */
  it('claims nothing that was not so when processes are paused with answers in their sockets', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (all, seed) => {
        const ids = await newPrograms(all.length);
        const looks = all.flatMap((steps, index) => {
          let at = START;
          return steps.flatMap((step) => {
            at += step.hours * HOUR;
            if (step.kind !== 'observed') return [];
            const paused = delayOf(at, seed + index) > 0 ? delayOf(at, seed + index) : TRUE_AFTER * 2;
            return [{ index, id: ids[index] as number, asked: at, answered: at + paused, body: step.body }];
          });
        });
        await agreeOnLooks(looks, ids, (index, end) => questions(seed + index, end));
      }),
      { numRuns: Math.ceil(HISTORIES / AT_ONCE / 3), endOnFailure: true },
    );
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
  });

  it('widens a silence by a late answer, also where an earlier one fell onto a single look', async () => {
    const [id] = (await newPrograms(1)) as [number];
    const bodies = [['https://a.cn'], ['https://b.cn']].map((requestdomain) =>
      answer({ mp_domain: { requestdomain } }),
    ) as [Buffer, Buffer];
    const looks = (
      [
        [66, 67, 0],
        // Late, while the run it contradicts is one observation.
        [48, 122, 1],
        // After a silence, and soon after.
        [144, 145, 0],
        [148, 149, 0],
        // Late again, within the silence, and read after both.
        [105, 170, 1],
      ] as const
    ).map(([asked, answered, which]) => ({
      index: 0,
      id,
      asked: START + asked * HOUR,
      answered: START + answered * HOUR,
      body: bodies[which],
    }));
    await agreeOnLooks(looks, [id], () => [66, 80, 136.5, 144, 146, 148, 160].map((hour) => START + hour * HOUR));
  });
});
