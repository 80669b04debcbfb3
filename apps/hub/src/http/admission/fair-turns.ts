import { Neighbours, Savings } from '#libs/kernel';

/** Requests of one tenant that are begun in one turn of the event loop while others are there. */
const PER_TURN = 4;
/** The same in the long run. What is more is not refused but comes later. */
const BESIDE_OTHERS = { perSecond: 4000, saved: 100 };

interface Line {
  begun: number;
  waiting: (() => void)[];
  savings: Savings;
}

/**
 * Tenants take turns at the event loop. A turn serves whatever has arrived on all connections; without this, a tenant with a
 * hundred of them would make every step of everybody else wait for a hundred requests. A tenant who is alone does not wait.
 */
export class FairTurns {
  private readonly lines = new Map<string | number, Line>();
  /** Lines with something begun in this turn, or waiting. */
  private readonly busy = new Set<Line>();
  private readonly neighbours: Neighbours<string | number>;

  constructor(private readonly nowMs: () => number = () => performance.now()) {
    this.neighbours = new Neighbours(nowMs);
  }

  /** Begins a request of `tenant` now or in a later turn, in the order in which they came. */
  enter(tenant: string | number, begin: () => void): void {
    const hasNeighbours = this.neighbours.see(tenant);
    let line = this.lines.get(tenant);
    if (!line?.waiting.length) {
      if (!hasNeighbours) return begin();
      if (!line)
        this.lines.set(tenant, (line = { begun: 0, waiting: [], savings: new Savings(BESIDE_OTHERS, this.nowMs) }));
      if (line.begun < PER_TURN && line.savings.waitMs() === 0) return this.begin(line, begin);
    }
    line.waiting.push(begin);
    this.comeBack(line);
  }

  /** Something of `tenant` took as much as that many more requests. Alone it pays nothing. */
  charge(tenant: string | number, requests: number): void {
    this.lines.get(tenant)?.savings.spend(requests);
  }

  private begin(line: Line, begin: () => void): void {
    line.begun += 1;
    line.savings.spend(1);
    this.comeBack(line);
    begin();
  }

  /** In the next turn, or when the line may go on. */
  private comeBack(line: Line): void {
    if (this.busy.has(line)) return;
    this.busy.add(line);
    const again = () => this.turn(line);
    const waitMs = line.begun > 0 ? 0 : line.savings.waitMs();
    if (waitMs > 0) setTimeout(again, waitMs);
    else setImmediate(again);
  }

  private turn(line: Line): void {
    this.busy.delete(line);
    line.begun = 0;
    while (line.waiting.length > 0 && line.begun < PER_TURN && line.savings.waitMs() === 0)
      this.begin(line, line.waiting.shift() as () => void);
    if (line.waiting.length > 0) this.comeBack(line);
  }
}
