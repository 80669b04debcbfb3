import { onAbort } from '#libs/kernel';
import type { CallPriority } from './call.ts';

export interface LanesOptions {
  slots: number;
  /**
   * Share of the slots, in (0, 1], that one lane may hold while others wait. With nobody else waiting a lane may use all of
   * them, so that a single platform is not slowed down by fairness.
   */
  laneShare?: number;
}

/** Somebody who waits for a slot; linked both ways so that giving up costs nothing. */
interface Waiter {
  grant: () => void;
  queue: Queue | undefined;
  next: Waiter | undefined;
  previous: Waiter | undefined;
}

/** Waiters of one lane with one priority; itself linked into the ring it takes its turns in. */
class Queue {
  first: Waiter | undefined;
  last: Waiter | undefined;
  ring: Ring | undefined;
  nextInRing: Queue | undefined;
  previousInRing: Queue | undefined;
  readonly lane: Lane;
  readonly priority: CallPriority;

  constructor(lane: Lane, priority: CallPriority) {
    this.lane = lane;
    this.priority = priority;
  }

  push(waiter: Waiter): void {
    waiter.queue = this;
    waiter.previous = this.last;
    if (this.last) this.last.next = waiter;
    else this.first = waiter;
    this.last = waiter;
  }

  remove(waiter: Waiter): void {
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.last = waiter.previous;
    waiter.queue = waiter.next = waiter.previous = undefined;
  }
}

interface Lane {
  key: string;
  active: number;
  interactive: Queue;
  background: Queue;
}

/** Queues taking turns: the first is served and goes to the end. */
class Ring {
  #first: Queue | undefined;
  #last: Queue | undefined;

  get first(): Queue | undefined {
    return this.#first;
  }

  push(queue: Queue): void {
    queue.ring = this;
    queue.previousInRing = this.#last;
    if (this.#last) this.#last.nextInRing = queue;
    else this.#first = queue;
    this.#last = queue;
  }

  remove(queue: Queue): void {
    if (queue.previousInRing) queue.previousInRing.nextInRing = queue.nextInRing;
    else this.#first = queue.nextInRing;
    if (queue.nextInRing) queue.nextInRing.previousInRing = queue.previousInRing;
    else this.#last = queue.previousInRing;
    queue.ring = queue.nextInRing = queue.previousInRing = undefined;
  }
}

/**
 * A bounded number of slots shared by lanes (one per platform). `interactive` goes before `background`, lanes take turns,
 * and a lane at its share is passed over while others wait. Every operation takes constant time, however many wait.
 */
export class Lanes {
  readonly slots: number;
  readonly #cap: number;
  #free: number;
  #waiting = 0;
  readonly #lanes = new Map<string, Lane>();
  /** queues whose lane is below its share */
  readonly #open = { interactive: new Ring(), background: new Ring() };
  /** queues whose lane has its share already; served only when the open rings are empty */
  readonly #capped = { interactive: new Ring(), background: new Ring() };

  constructor(options: LanesOptions) {
    const share = options.laneShare ?? 0.75;
    if (!Number.isInteger(options.slots) || options.slots < 1)
      throw new RangeError('slots must be a whole number >= 1');
    if (!(share > 0 && share <= 1)) throw new RangeError('laneShare must be above 0 and at most 1');
    this.slots = options.slots;
    this.#free = options.slots;
    this.#cap = Math.max(1, Math.floor(options.slots * share));
  }

  get inUse(): number {
    return this.slots - this.#free;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes a slot: undefined when one was free at once, else a promise for it. Rejects with the signal's reason when that
   * comes first. Every slot taken must be given back with `release` for the same lane.
   */
  acquire(key: string, priority: CallPriority, signal?: AbortSignal): Promise<void> | undefined {
    if (signal?.aborted) return Promise.reject(asError(signal.reason));
    const lane = this.#lane(key);
    // A free slot means that nobody waits: release hands slots on before it frees them.
    if (this.#free > 0) {
      this.#free -= 1;
      lane.active += 1;
      return undefined;
    }
    return new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { grant: resolve, queue: undefined, next: undefined, previous: undefined };
      if (signal) {
        const forgetAbort = onAbort(signal, () => {
          this.#forget(waiter);
          reject(asError(signal.reason));
        });
        waiter.grant = () => {
          forgetAbort();
          resolve();
        };
      }
      const queue = lane[priority];
      queue.push(waiter);
      this.#waiting += 1;
      if (!queue.ring) this.#ringOf(queue).push(queue);
    });
  }

  /** Gives a slot back; the next waiter, if any, has it when this returns. */
  release(key: string): void {
    const lane = this.#lanes.get(key);
    if (!lane || lane.active === 0) throw new Error('a slot was released that was not taken');
    lane.active -= 1;
    this.#free += 1;
    this.#replace(lane);
    const queue =
      this.#open.interactive.first ??
      this.#open.background.first ??
      this.#capped.interactive.first ??
      this.#capped.background.first;
    const waiter = queue?.first;
    if (queue && waiter) {
      this.#free -= 1;
      this.#waiting -= 1;
      queue.lane.active += 1;
      queue.remove(waiter);
      // To the end of its ring: the other lanes have their turn first.
      queue.ring?.remove(queue);
      if (queue.first) this.#ringOf(queue).push(queue);
      this.#replace(queue.lane);
      waiter.grant();
    }
    this.#drop(lane);
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane = { key, active: 0 } as Lane;
    lane.interactive = new Queue(lane, 'interactive');
    lane.background = new Queue(lane, 'background');
    this.#lanes.set(key, lane);
    return lane;
  }

  #ringOf(queue: Queue): Ring {
    return (queue.lane.active >= this.#cap ? this.#capped : this.#open)[queue.priority];
  }

  /** Moves a lane's queues between the open and the capped rings after its number of slots changed. */
  #replace(lane: Lane): void {
    for (const queue of [lane.interactive, lane.background]) {
      if (!queue.ring) continue;
      const right = this.#ringOf(queue);
      if (queue.ring === right) continue;
      queue.ring.remove(queue);
      right.push(queue);
    }
  }

  #forget(waiter: Waiter): void {
    const queue = waiter.queue;
    if (!queue) return;
    queue.remove(waiter);
    this.#waiting -= 1;
    if (!queue.first) queue.ring?.remove(queue);
    this.#drop(queue.lane);
  }

  /** Keys are the platforms that ever called; only those in use are kept. */
  #drop(lane: Lane): void {
    if (lane.active === 0 && !lane.interactive.first && !lane.background.first) this.#lanes.delete(lane.key);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
