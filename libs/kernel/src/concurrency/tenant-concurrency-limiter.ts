import { AppError } from '../app-error.ts';
import { ActiveTenants } from './active-tenants.ts';
import { CostBudget, type CostBudgetOptions } from './cost-budget.ts';

export interface Share {
  /** Things under way at once per name. */
  atOnce: number;
  /**
   * What the things of one name may cost while others are there; who is alone spends without waiting, and a newcomer finds the
   * bill. Default: no limit.
   */
  beside?: CostBudgetOptions;
  /** How many times its cost a part that continues something is charged: what is large is in less of a hurry. Default 1. */
  continuing?: number;
  /** Things that wait, per name; who comes after that is turned away. Default 1000. */
  maxWaiting?: number;
}

export interface Turn {
  /**
   * It goes on with something of which a part is done: it comes before what has not begun. Otherwise all that is in parts would
   * be kept half done, and be finished in the same moment.
   */
  continues?: boolean;
  /** Whether nobody waits for it any more; asked when it is let in after having waited. */
  gone?: () => boolean;
}

interface Line {
  name: string;
  running: number;
  /** Before those who wait: what goes on with something. */
  halfDone: ((paid: number) => void)[];
  waiting: ((paid: number) => void)[];
  savings: CostBudget | undefined;
  /** What a thing of this name usually costs. It is paid at the beginning, and what it was more or less at the end. */
  usualCost: number;
  alarm: NodeJS.Timeout | undefined;
}

/** How fast a name comes to be taken for expensive, and how slowly for cheap again. */
const DEARER = 0.5;
const CHEAPER = 0.1;

/**
 * Several names share one resource, and none can take all of it: a number of things under way at once, and, while others are
 * there, an amount of cost a second. What is more waits in a line of its own. What a thing costs is known when it has ended, so that
 * several at once must not begin on the same money.
 */
export class TenantConcurrencyLimiter {
  private readonly lines = new Map<string, Line>();
  private readonly activeTenants: ActiveTenants;

  /** @param nowMs monotonic milliseconds; a spec has its own */
  constructor(
    private readonly share: Share,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.activeTenants = new ActiveTenants(nowMs);
  }

  /**
   * Runs `work` when it is its turn. It says what it has cost, whether it succeeded or not.
   * @throws AppError rate_limited when the line of `name` is too long; request_timeout when nobody waits any more
   */
  async run<T>(
    name: string,
    work: (charge: (cost: number) => void) => Promise<T>,
    { continues = false, gone = () => false }: Turn = {},
  ): Promise<T> {
    const line = this.lineOf(name);
    const before = line.halfDone.length + (continues ? 0 : line.waiting.length);
    const hasToWait = before > 0 || this.waitMs(line) > 0;
    const paid = hasToWait ? await this.wait(line, continues) : this.begin(line);
    if (hasToWait && gone()) {
      this.takeBack(line, paid);
      throw new AppError('request_timeout', 'client disconnected');
    }
    const times = continues ? (this.share.continuing ?? 1) : 1;
    let cost = 0;
    try {
      return await work((charged) => (cost += charged * times));
    } finally {
      line.running -= 1;
      line.savings?.spend(cost - paid);
      line.usualCost += (cost - line.usualCost) * (cost > line.usualCost ? DEARER : CHEAPER);
      this.next(line);
    }
  }

  private lineOf(name: string): Line {
    let line = this.lines.get(name);
    if (!line) {
      const { beside } = this.share;
      const savings = beside && new CostBudget(beside, this.nowMs);
      line = { name, running: 0, halfDone: [], waiting: [], savings, usualCost: 0, alarm: undefined };
      this.lines.set(name, line);
    }
    return line;
  }

  /** How long until the next thing of the line may begin; infinite: not before another one has ended. */
  private waitMs(line: Line): number {
    const hasOthers = this.activeTenants.see(line.name);
    if (line.running >= this.share.atOnce) return Number.POSITIVE_INFINITY;
    return hasOthers ? (line.savings?.waitMs() ?? 0) : 0;
  }

  /** @returns what was paid for it */
  private begin(line: Line): number {
    line.running += 1;
    line.savings?.spend(line.usualCost);
    return line.usualCost;
  }

  /** Starts the next one in another event-loop turn, so that a hundred disconnected clients are not handled in one. */
  private takeBack(line: Line, paid: number): void {
    line.running -= 1;
    line.savings?.spend(-paid);
    setImmediate(() => this.next(line));
  }

  private wait(line: Line, continues: boolean): Promise<number> {
    if (line.waiting.length >= (this.share.maxWaiting ?? 1000)) {
      throw new AppError('rate_limited', 'too many requests of this platform at once', { retryAfterSeconds: 1 });
    }
    return new Promise((resolve) => {
      (continues ? line.halfDone : line.waiting).push(resolve);
      this.next(line);
    });
  }

  /** Lets in as many as may begin now, and comes back when the next one may. */
  private next(line: Line): void {
    clearTimeout(line.alarm);
    while (line.halfDone.length + line.waiting.length > 0) {
      const waitMs = this.waitMs(line);
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) line.alarm = setTimeout(() => this.next(line), waitMs);
        return;
      }
      (line.halfDone.shift() ?? line.waiting.shift())?.(this.begin(line));
    }
  }
}
