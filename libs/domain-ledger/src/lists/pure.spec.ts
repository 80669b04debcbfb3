import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packBody, unpackBody } from './body-codec.ts';
import { judgeMoment } from '../history/certainty.ts';
import { driftOf } from './content-facts.ts';
import { diffDomains, diffSlots } from './domain-diff.ts';
import { normaliseEffectiveDomains } from './normalise.ts';
import { LIST_SLOT_COUNT } from './slots.ts';
import { SLOT_COUNT, nextSnapshotAt, planShards, roundStart } from '../sweeps/schedule.ts';
import { parseSnapshotId, snapshotId } from '../history/snapshot-id.ts';

describe('stored bodies', () => {
  it('come back byte for byte, and a usual answer takes a fraction of its size', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const body = Buffer.from(bytes);
        expect(unpackBody(packBody(body)).equals(body)).toBe(true);
      }),
    );
    const lists = {
      requestdomain: ['https://api.p1.example.com'],
      wsrequestdomain: [],
      uploaddomain: [],
      downloaddomain: [],
    };
    const body = Buffer.from(
      JSON.stringify({
        errcode: 0,
        errmsg: 'ok',
        mp_domain: lists,
        third_domain: lists,
        direct_domain: lists,
        effective_domain: lists,
      }),
    );
    expect(packBody(body).bytes.length).toBeLessThan(body.length / 3);
    expect(() => unpackBody({ encoding: 9, bytes: body })).toThrow('encoding 9');
  });
});

describe('the difference of two contents', () => {
  const content = fc.array(fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 9 })), { freq: 3 }), {
    minLength: LIST_SLOT_COUNT,
    maxLength: LIST_SLOT_COUNT,
  });

  it('leads from one to the other, and is empty exactly for equal ones', () => {
    fc.assert(
      fc.property(content, content, (before, after) => {
        const changes = diffSlots(before, after);
        const made = before.map((list) => (list ? new Set(list) : null));
        for (const { slot, added, removed } of changes) {
          const list = new Set(made[slot] ?? []);
          removed.forEach((entry) => list.delete(entry));
          added.forEach((entry) => list.add(entry));
          made[slot] = after[slot] ? list : null;
        }
        const sorted = (lists: (Iterable<number> | null)[]) => lists.map((list) => list && [...list].sort());
        expect(sorted(made)).toEqual(sorted(after));
        const back = diffSlots(after, before);
        expect(back.map(({ slot }) => slot)).toEqual(changes.map(({ slot }) => slot));
      }),
    );
  });

  it('keeps the step from not sent to empty as a fact', () => {
    const absent = normaliseEffectiveDomains({});
    const empty = normaliseEffectiveDomains({ mp_domain: { requestdomain: [] } });
    expect(diffDomains(absent, empty)).toEqual([{ group: 'mp_domain', list: 'requestdomain', added: [], removed: [] }]);
    expect(diffDomains(empty, empty)).toEqual([]);
  });
});

describe('drift', () => {
  const slots = (lists: Record<number, number[]>) =>
    Array.from({ length: LIST_SLOT_COUNT }, (_, slot) => lists[slot] ?? null);
  it('is what is configured and not in force, and the other way round', () => {
    expect(driftOf(slots({ 0: [1], 6: [2], 18: [2, 3] }))).toEqual([{ list: 0, pending: [1], effectiveOnly: [3] }]);
    expect(driftOf(slots({ 6: [1, 2], 18: [2, 1] }))).toEqual([]);
  });
  it('is nowhere when WeChat sends only what is in force', () => {
    expect(driftOf(slots({ 18: [1], 19: [2] }))).toEqual([]);
  });
  it('takes what is configured for pending when WeChat sends nothing in force', () => {
    expect(driftOf(slots({ 7: [1] }))).toEqual([{ list: 1, pending: [1], effectiveOnly: [] }]);
  });
});

describe('ids of snapshots', () => {
  it('come back, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.integer({ min: 1, max: 0x7fffffff }), (authorizerId, no) => {
        expect(parseSnapshotId(snapshotId(authorizerId, no))).toEqual({ authorizerId, no });
      }),
    );
    for (const id of ['', 's', 's1', 's01-1', 's1-0', 's1-zzzzzzz', '1-1', 's1-1 ', "s1-1'", 'S1-1']) {
      expect(parseSnapshotId(id)).toBeNull();
    }
  });
});

describe('the schedule', () => {
  it('comes to every slot once per interval, evenly', () => {
    const interval = 86_400_000;
    const now = new Date('2026-03-04T05:06:07.008Z');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SLOT_COUNT - 1 }), (slot) => {
        const next = nextSnapshotAt(slot, interval, now);
        expect(next.getTime()).toBeGreaterThan(now.getTime());
        expect(next.getTime()).toBeLessThanOrEqual(now.getTime() + interval);
        expect(nextSnapshotAt(slot, interval, next).getTime()).toBe(next.getTime() + interval);
      }),
    );
    expect(roundStart(interval, now)).toEqual(new Date('2026-03-04T00:00:00.000Z'));
  });

  it('cuts every round into shards that hold each slot once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.integer({ min: 0, max: 7 * 86_400_000 }),
        (expected, spread) => {
          const shards = planShards(expected, spread);
          const gapless = shards.every((shard, index) => shard.slotFrom === (shards[index - 1]?.slotTo ?? -1) + 1);
          expect(gapless).toBe(true);
          expect(shards.at(-1)?.slotTo).toBe(SLOT_COUNT - 1);
          expect(shards.every((shard) => shard.delayMs < Math.max(1, spread))).toBe(true);
          expect(shards.length).toBeLessThanOrEqual(1024);
        },
      ),
    );
    expect(planShards(200, 86_400_000)).toHaveLength(64);
    expect(planShards(200, 0)).toHaveLength(1);
    expect(planShards(1_000_000, 0)).toHaveLength(512);
  });
});

describe('a moment', () => {
  const at = (minute: number) => new Date(minute * 60_000);
  const run = { firstObservedAt: at(10), lastObservedAt: at(40), latest: true };
  const near = { before: run, nextFirstObservedAt: null, gaps: [{ from: at(20), to: at(30) }], unreadableSince: null };
  it('knows the nearest observations on both sides', () => {
    expect(judgeMoment(at(15), near)).toEqual({ certainty: 'observed', observedBefore: at(10), observedAfter: at(20) });
    expect(judgeMoment(at(25), near)).toEqual({
      certainty: 'between_observations',
      observedBefore: at(20),
      observedAfter: at(30),
    });
    expect(judgeMoment(at(30), near)).toEqual({ certainty: 'observed', observedBefore: at(30), observedAfter: at(40) });
    expect(judgeMoment(at(40), near)).toEqual({ certainty: 'observed', observedBefore: at(40), observedAfter: null });
  });
  it('is unknown after the latest observation only when something stands in the way of the next', () => {
    expect(judgeMoment(at(50), near).certainty).toBe('latest');
    expect(judgeMoment(at(50), { ...near, unreadableSince: at(45) }).certainty).toBe('unknown');
    expect(judgeMoment(at(44), { ...near, unreadableSince: at(45) }).certainty).toBe('latest');
    expect(judgeMoment(at(50), { ...near, before: { ...run, latest: false }, unreadableSince: at(45) }).certainty).toBe(
      'between_observations',
    );
    expect(judgeMoment(at(5), { ...near, before: null, nextFirstObservedAt: at(10) })).toEqual({
      certainty: 'unknown',
      observedBefore: null,
      observedAfter: at(10),
    });
  });
});
