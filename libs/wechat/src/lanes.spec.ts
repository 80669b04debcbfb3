import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallPriority } from './call.ts';
import { Lanes } from './lanes.ts';

/** Takes slots and writes down who got one, in order. Nothing here depends on time: grants happen inside `release`. */
class Trial {
  readonly lanes: Lanes;
  readonly granted: string[] = [];

  constructor(slots: number, laneShare?: number) {
    this.lanes = new Lanes(laneShare === undefined ? { slots } : { slots, laneShare });
  }

  take(key: string, count = 1, priority: CallPriority = 'background', signal?: AbortSignal): Promise<void>[] {
    return Array.from({ length: count }, async () => {
      const wait = this.lanes.acquire(key, priority, signal);
      if (wait) await wait;
      this.granted.push(priority === 'interactive' ? key.toUpperCase() : key);
    });
  }

  /** Gives back one slot of a lane and lets the promise of the one that got it run. */
  async giveBack(key: string): Promise<string | undefined> {
    const before = this.granted.length;
    this.lanes.release(key);
    await settle();
    return this.granted[before];
  }
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('Lanes', () => {
  it('grants free slots at once, without a promise', () => {
    const lanes = new Lanes({ slots: 2 });
    expect(lanes.acquire('a', 'background')).toBeUndefined();
    expect(lanes.acquire('a', 'background')).toBeUndefined();
    expect(lanes.acquire('a', 'background')).toBeInstanceOf(Promise);
    expect([lanes.inUse, lanes.waiting]).toEqual([2, 1]);
  });

  it('lets lanes take turns, however many wait in one of them', async () => {
    const trial = new Trial(1);
    void trial.take('a', 6);
    void trial.take('b', 2);
    void trial.take('c', 1);
    await settle();
    const order = [];
    for (let holder = 'a'; holder;) {
      const next = await trial.giveBack(holder);
      if (!next) break;
      order.push(next);
      holder = next;
    }
    // The lane that holds the only slot gives it to the others first.
    expect(order.join('')).toBe('bcabaaaa');
  });

  it('serves interactive calls before background ones, of every lane', async () => {
    const trial = new Trial(1);
    void trial.take('x');
    void trial.take('a', 2);
    void trial.take('b', 1);
    void trial.take('b', 2, 'interactive');
    void trial.take('a', 1, 'interactive');
    await settle();
    const order = [];
    for (let holder = 'x'; ; holder = (order.at(-1) ?? '').toLowerCase()) {
      const next = await trial.giveBack(holder);
      if (!next) break;
      order.push(next);
    }
    expect(order.join('')).toBe('BABaba');
  });

  it('keeps a slow lane at its share while another waits, and gives it all when alone', async () => {
    const trial = new Trial(8);
    void trial.take('slow', 20);
    await settle();
    // Alone: all eight.
    expect(trial.granted).toHaveLength(8);
    void trial.take('fast', 4);
    // Above its share of six, the slow lane gets nothing back although it waits longer.
    expect(await trial.giveBack('slow')).toBe('fast');
    expect(await trial.giveBack('slow')).toBe('fast');
    expect(await trial.giveBack('slow')).toBe('fast');
    // Now it has five of eight: they take turns.
    expect(await trial.giveBack('slow')).toBe('slow');
    // The fast lane keeps being served although the slow one never gives a slot back again.
    expect(await trial.giveBack('fast')).toBe('fast');
    void trial.take('fast', 2);
    expect(await trial.giveBack('fast')).toBe('slow');
    expect(await trial.giveBack('fast')).toBe('fast');
    expect(await trial.giveBack('fast')).toBe('fast');
    // Nobody else waits any more: the slow lane may have what is free.
    expect(await trial.giveBack('fast')).toBe('slow');
    expect(await trial.giveBack('fast')).toBe('slow');
    expect(trial.lanes.inUse).toBe(8);
  });

  it('never lets a lane that holds every slot keep a newcomer waiting past one release', async () => {
    const trial = new Trial(4);
    void trial.take('slow', 1000);
    await settle();
    void trial.take('new', 1, 'interactive');
    expect(await trial.giveBack('slow')).toBe('NEW');
  });

  it('an abort leaves the queue without costing a slot', async () => {
    const trial = new Trial(1);
    const controller = new AbortController();
    void trial.take('a');
    const [given] = trial.take('b', 1, 'background', controller.signal);
    void trial.take('c');
    controller.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(trial.lanes.waiting).toBe(1);
    expect(await trial.giveBack('a')).toBe('c');
    expect(await trial.giveBack('c')).toBeUndefined();
    expect(trial.lanes.inUse).toBe(0);
    await expect(trial.lanes.acquire('a', 'interactive', controller.signal)).rejects.toThrow('enough');
    expect(trial.lanes.inUse).toBe(0);
  });

  it('an abort after the grant changes nothing', async () => {
    const trial = new Trial(1);
    const controller = new AbortController();
    void trial.take('a');
    const [given] = trial.take('b', 1, 'background', controller.signal);
    trial.lanes.release('a');
    controller.abort();
    await given;
    expect(trial.lanes.inUse).toBe(1);
  });

  it('refuses to give back what was not taken', () => {
    const lanes = new Lanes({ slots: 1 });
    expect(() => lanes.release('a')).toThrow();
    void lanes.acquire('a', 'background');
    expect(() => lanes.release('b')).toThrow();
  });

  it.each([[{ slots: 0 }], [{ slots: 1.5 }], [{ slots: 1, laneShare: 0 }], [{ slots: 1, laneShare: 1.1 }]])(
    'refuses the options %j',
    (options) => expect(() => new Lanes(options)).toThrow(RangeError),
  );

  it('for any course of events: no slot too many, none idle while somebody waits, nobody forgotten, shares kept', async () => {
    type Step =
      { do: 'take'; key: string; priority: CallPriority } | { do: 'release'; at: number } | { do: 'abort'; at: number };
    const steps: fc.Arbitrary<Step[]> = fc.array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record({
            do: fc.constant('take' as const),
            key: fc.constantFrom('a', 'b', 'c'),
            priority: fc.constantFrom<CallPriority>('interactive', 'background'),
          }),
        },
        { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), at: fc.nat() }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), at: fc.nat() }) },
      ),
      { maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(0.25, 0.5, 0.75, 1),
        steps,
        async (slots, laneShare, course) => {
          const lanes = new Lanes({ slots, laneShare });
          const cap = Math.max(1, Math.floor(slots * laneShare));
          const held: string[] = [];
          const waiting: { key: string; controller: AbortController }[] = [];
          for (const step of course) {
            const others = (key: string) =>
              waiting.some((waiter) => waiter.key !== key && held.filter((other) => other === waiter.key).length < cap);
            const before = new Map(['a', 'b', 'c'].map((key) => [key, held.filter((other) => other === key).length]));
            if (step.do === 'take') {
              const { key } = step;
              const controller = new AbortController();
              const wait = lanes.acquire(key, step.priority, controller.signal);
              if (!wait) held.push(key);
              else {
                const waiter = { key, controller };
                waiting.push(waiter);
                wait.then(
                  () => {
                    waiting.splice(waiting.indexOf(waiter), 1);
                    held.push(key);
                  },
                  () => waiting.splice(waiting.indexOf(waiter), 1),
                );
              }
            } else if (step.do === 'release' && held.length > 0) {
              const at = step.at % held.length;
              const contested = new Map(['a', 'b', 'c'].map((key) => [key, others(key)]));
              const [key = ''] = held.splice(at, 1);
              lanes.release(key);
              await settle();
              for (const lane of ['a', 'b', 'c']) {
                const now = held.filter((other) => other === lane).length;
                const grew = now > (before.get(lane) ?? 0) - (lane === key ? 1 : 0);
                if (grew && contested.get(lane)) expect(now).toBeLessThanOrEqual(cap);
              }
            } else if (step.do === 'abort' && waiting.length > 0) {
              waiting[step.at % waiting.length]?.controller.abort();
            }
            await settle();
            expect(lanes.inUse).toBe(held.length);
            expect(lanes.waiting).toBe(waiting.length);
            expect(held.length).toBeLessThanOrEqual(slots);
            if (waiting.length > 0) expect(held.length).toBe(slots);
          }
          while (held.length > 0) {
            lanes.release(held.pop() ?? '');
            await settle();
          }
          expect(waiting).toEqual([]);
          expect([lanes.inUse, lanes.waiting]).toEqual([0, 0]);
        },
      ),
    );
  });
});
