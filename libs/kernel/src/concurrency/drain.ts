import type { Log } from '../log/log.ts';

interface Step {
  name: string;
  run: () => Promise<void> | void;
}

/** Ordered shutdown: what was started last stops first, each step bounded, a failing step never keeps the others from running. */
export class Drain {
  private steps: Step[] = [];
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly log: Log,
    private readonly stepTimeoutMs = 15_000,
  ) {}

  onStop(name: string, run: () => Promise<void> | void): void {
    this.steps.push({ name, run });
  }

  /** Runs every step once, however often it is called. */
  stop(): Promise<void> {
    this.stopping ??= this.runAll();
    return this.stopping;
  }

  private async runAll(): Promise<void> {
    for (const step of this.steps.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      try {
        await Promise.race([
          Promise.resolve(step.run()),
          new Promise((_, reject) => {
            timer = setTimeout(
              () => reject(new Error(`did not stop within ${this.stepTimeoutMs} ms`)),
              this.stepTimeoutMs,
            );
          }),
        ]);
      } catch (error) {
        this.log.warn('drain.step_failed', { step: step.name, error });
      } finally {
        clearTimeout(timer);
      }
    }
    this.steps = [];
  }
}
