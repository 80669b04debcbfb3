export interface CostBudgetOptions {
  /** What may be spent in the long run, in units of cost a second. */
  perSecond: number;
  /** What may be saved up at most. */
  saved: number;
}

/** Cap on debt, in seconds of income. */
const LONGEST_DEBT_S = 2;

/** An income that may be saved up to a point and spent in advance to another: no timer, a few nanoseconds a question. */
export class CostBudget {
  private sum: number;
  private atMs: number;

  /** @param nowMs monotonic milliseconds */
  constructor(
    private readonly income: CostBudgetOptions,
    private readonly nowMs: () => number,
  ) {
    this.sum = income.saved;
    this.atMs = nowMs();
  }

  /** @param cost below 0: something is given back */
  spend(cost: number): void {
    this.collect();
    this.sum = Math.max(this.sum - cost, -this.income.perSecond * LONGEST_DEBT_S);
  }

  /** Milliseconds until something is left; 0: there is. */
  waitMs(): number {
    this.collect();
    return this.sum > 0 ? 0 : Math.max(1, (-this.sum / this.income.perSecond) * 1000);
  }

  private collect(): void {
    const now = this.nowMs();
    this.sum = Math.min(this.sum + ((now - this.atMs) / 1000) * this.income.perSecond, this.income.saved);
    this.atMs = now;
  }
}
