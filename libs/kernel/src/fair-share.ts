import { AppError } from './app-error.ts';
import { Neighbours } from './neighbours.ts';
import { Savings, type Income } from './savings.ts';

export interface Share {
  /** Things under way at once per name. */
  atOnce: number;
  /**
   * What the things of one name may cost while others are there; who is alone spends without waiting, and a newcomer finds the
   * bill. Default: no limit.
   */
  beside?: Income;
  /** Things that wait, per name; who comes after that is turned away. Default 1000. */
  maxWaiting?: number;
}

interface Line {
  name: string;
  running: number;
  waiting: (() => void)[];
  savings: Savings | undefined;
  /** What a thing of this name usually costs: those that are under way have not been paid for yet. */
  usualCost: number;
  alarm: NodeJS.Timeout | undefined;
}

const SMOOTHING = 0.2;

/**
 * Several names share one resource, and none can take all of it: so many things under way at once, and, while others are
 * there, so much cost a second. What is more waits in a line of its own. What a thing costs is known when it is over.
 */
export class FairShare {
  private readonly lines = new Map<string, Line>();
  private readonly neighbours: Neighbours;

  /** @param nowMs monotonic milliseconds; a spec has its own */
  constructor(
    private readonly share: Share,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.neighbours = new Neighbours(nowMs);
  }

  /**
   * Runs `work` when it is its turn. It says what it has cost, whether it succeeded or not.
   * @throws AppError rate_limited when the line of `name` is too long
   */
  async run<T>(name: string, work: (charge: (cost: number) => void) => Promise<T>): Promise<T> {
    const line = this.lineOf(name);
    if (line.waiting.length > 0 || this.waitMs(line) > 0) await this.wait(line);
    else line.running += 1;
    let cost = 0;
    try {
      return await work((charged) => (cost += charged));
    } finally {
      line.running -= 1;
      line.savings?.spend(cost);
      line.usualCost += (cost - line.usualCost) * SMOOTHING;
      this.next(line);
    }
  }

  private lineOf(name: string): Line {
    let line = this.lines.get(name);
    if (!line) {
      const { beside } = this.share;
      const savings = beside && new Savings(beside, this.nowMs);
      line = { name, running: 0, waiting: [], savings, usualCost: 0, alarm: undefined };
      this.lines.set(name, line);
    }
    return line;
  }

  /** How long until the next thing of the line may begin; infinite: not before another one is over. */
  private waitMs(line: Line): number {
    const hasNeighbours = this.neighbours.see(line.name);
    if (line.running >= this.share.atOnce) return Number.POSITIVE_INFINITY;
    return hasNeighbours ? (line.savings?.waitMs(line.running * line.usualCost) ?? 0) : 0;
  }

  private wait(line: Line): Promise<void> {
    if (line.waiting.length >= (this.share.maxWaiting ?? 1000)) {
      throw new AppError('rate_limited', 'too many requests of this platform at once', { retryAfterSeconds: 1 });
    }
    return new Promise((resolve) => {
      line.waiting.push(resolve);
      this.next(line);
    });
  }

  /** Lets in as many as may begin now, and comes back when the next one may. */
  private next(line: Line): void {
    clearTimeout(line.alarm);
    while (line.waiting.length > 0) {
      const waitMs = this.waitMs(line);
      if (waitMs > 0) {
        if (Number.isFinite(waitMs)) line.alarm = setTimeout(() => this.next(line), waitMs);
        return;
      }
      line.running += 1;
      line.waiting.shift()?.();
    }
  }
}
