import { AppError } from './app-error.ts';

interface Line {
  running: number;
  waiting: (() => void)[];
}

/**
 * Lets each name have so many things under way at once; what is more waits in a line of its own. Several names share one
 * resource, and none can take all of it.
 */
export class FairShare {
  private readonly lines = new Map<string, Line>();

  /** @param share under way at once per name. @param maxWaiting per name; who comes after that is turned away */
  constructor(
    private readonly share: number,
    private readonly maxWaiting = 1000,
  ) {}

  /** @throws AppError rate_limited when the line of `name` is too long */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    let line = this.lines.get(name);
    if (!line) this.lines.set(name, (line = { running: 0, waiting: [] }));
    if (line.running < this.share) line.running += 1;
    else await this.wait(line);
    try {
      return await work();
    } finally {
      // Hands its place over, or gives it back.
      const next = line.waiting.shift();
      if (next) next();
      else {
        line.running -= 1;
        if (line.running === 0) this.lines.delete(name);
      }
    }
  }

  private wait(line: Line): Promise<void> {
    if (line.waiting.length >= this.maxWaiting) {
      throw new AppError('rate_limited', 'too many requests of this platform at once', { retryAfterSeconds: 1 });
    }
    return new Promise((resolve) => line.waiting.push(resolve));
  }
}
