import { setMaxListeners } from 'node:events';
import { Injectable } from '@nestjs/common';
import { Log } from '../log/log.ts';
import { Settings } from '../settings/settings.ts';
import { within } from './within.ts';

/** How long a stop waits for runs that do not obey their signal (ms). */
const STOP_MS = 15_000;

/**
 * Runs the work of timers. The timer stands on the method of the service that owns the work:
 *
 * ```ts
 * @Interval('token_refresh', 5000)
 * refreshTick(): Promise<void> {
 *   return this.ticks.run('token_refresh', (signal) => this.refreshDue({ signal }));
 * }
 * ```
 *
 * Every process of the worker role ticks; what a tick does is claimed in the database, so that any number of processes may tick
 * at once.
 */
@Injectable()
export class Ticks {
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly isWorker: boolean;
  private stopped: Promise<void> | undefined;

  constructor(
    settings: Settings,
    private readonly log: Log,
  ) {
    this.isWorker = settings.roles.has('worker');
    // Every call of a tick listens to the signal; this is no leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /**
   * Runs `work`, unless a run of this name is still going on in this process, the process is stopping, or it has not the worker
   * role. An error is logged with the name; the next tick tries again.
   * @param work gets a signal that is aborted by `stop()`
   * @returns when the run (or the one that was going on) has ended; never rejects
   */
  run(name: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    if (!this.isWorker || this.stopping.signal.aborted) return Promise.resolve();
    const present = this.running.get(name);
    if (present) return present;
    const run = this.once(name, work).finally(() => this.running.delete(name));
    this.running.set(name, run);
    return run;
  }

  /**
   * Starts no further runs, aborts the signal of the present ones and waits for them, 15 seconds at most. Calling it again waits
   * too.
   */
  stop(): Promise<void> {
    this.stopped ??= this.drain();
    return this.stopped;
  }

  private async drain(): Promise<void> {
    this.stopping.abort();
    if (await within(STOP_MS, Promise.all(this.running.values()))) return;
    this.log.warn('schedule.ticks_not_stopped', { ticks: [...this.running.keys()] });
  }

  private async once(name: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    try {
      await work(this.stopping.signal);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.log.warn('schedule.tick_failed', { tick: name, error });
    }
  }
}
