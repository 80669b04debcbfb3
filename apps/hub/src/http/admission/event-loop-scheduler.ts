import { ActiveTenants, CostBudget } from '#libs/kernel';

/** Requests of one tenant started per event-loop turn while another tenant is active. */
const PER_TURN = 4;
/** The same as a sustained rate. Requests above it are delayed, not refused. */
const BESIDE_OTHERS = { perSecond: 4000, saved: 100 };

interface Queue {
  started: number;
  waiting: (() => void)[];
  budget: CostBudget;
}

/**
 * Fair queueing of requests per tenant. One event-loop turn serves everything that has arrived on all connections; without a
 * limit, a tenant with a hundred connections delays everybody else by a hundred requests. A tenant without others does not wait.
 */
export class EventLoopScheduler {
  private readonly queues = new Map<string | number, Queue>();
  /** Queues that started something in this turn, or have requests waiting. */
  private readonly scheduled = new Set<Queue>();
  private readonly active: ActiveTenants<string | number>;

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.active = new ActiveTenants(nowMs);
  }

  /** Calls `start` now or in a later turn; first in, first out per tenant. */
  schedule(tenant: string | number, start: () => void): void {
    const othersActive = this.active.see(tenant);
    let queue = this.queues.get(tenant);
    if (!queue?.waiting.length) {
      if (!othersActive) return start();
      if (!queue) {
        queue = { started: 0, waiting: [], budget: new CostBudget(BESIDE_OTHERS, this.nowMs) };
        this.queues.set(tenant, queue);
      }
      if (queue.started < PER_TURN && queue.budget.waitMs() === 0) return this.start(queue, start);
    }
    queue.waiting.push(start);
    this.scheduleTurn(queue);
  }

  /** Charges work that cost as much as `requests` requests. Free for a tenant without others. */
  charge(tenant: string | number, requests: number): void {
    this.queues.get(tenant)?.budget.spend(requests);
  }

  private start(queue: Queue, start: () => void): void {
    queue.started += 1;
    queue.budget.spend(1);
    this.scheduleTurn(queue);
    start();
  }

  /** In the next turn, or once the budget allows more. */
  private scheduleTurn(queue: Queue): void {
    if (this.scheduled.has(queue)) return;
    this.scheduled.add(queue);
    const next = () => this.turn(queue);
    const waitMs = queue.started > 0 ? 0 : queue.budget.waitMs();
    if (waitMs > 0) setTimeout(next, waitMs);
    else setImmediate(next);
  }

  private turn(queue: Queue): void {
    this.scheduled.delete(queue);
    queue.started = 0;
    while (queue.waiting.length > 0 && queue.started < PER_TURN && queue.budget.waitMs() === 0)
      this.start(queue, queue.waiting.shift() as () => void);
    if (queue.waiting.length > 0) this.scheduleTurn(queue);
  }
}
