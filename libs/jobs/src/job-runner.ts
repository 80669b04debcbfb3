import { EventEmitter, setMaxListeners } from 'node:events';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  Logger,
  run,
  runMigrations,
  type JobHelpers,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import { In } from 'typeorm';
import { Database, Log, Metrics, WORKER_ROLE, traced, within } from '#libs/kernel';
import { JobHandlers, type JobHandler } from './job-handlers.ts';
import { TRACEPARENT_KEY, type JobLane } from './job-queue.ts';
import { JobWorker } from './job-worker.entity.ts';

/**
 * Creates or updates the engine's own schema, and lets the worker in: the engine guards its tables with row-level security
 * without a policy, so that they would be open to their owner only. Safe at concurrent starts.
 */
export async function migrateJobs(connectionString: string, log?: Log): Promise<void> {
  await runMigrations({ connectionString, logger: engineLogger(log) });
  const db = await Database.open({ url: connectionString, poolSize: 1, applicationName: 'wxfleet migrations' });
  try {
    await db.run(FOR_THE_WORKER);
  } finally {
    await db.close();
  }
}

/** One after the other: two that grant at once would meet at the same row of the catalog. */
const FOR_THE_WORKER = `
  DO $$
  DECLARE guarded regclass;
  BEGIN
    PERFORM pg_advisory_xact_lock(7309215);
    GRANT USAGE ON SCHEMA graphile_worker TO ${WORKER_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA graphile_worker TO ${WORKER_ROLE};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${WORKER_ROLE};
    FOR guarded IN
      SELECT c.oid FROM pg_class c
       WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relrowsecurity
         AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'worker')
    LOOP
      EXECUTE format('CREATE POLICY worker ON %s TO ${WORKER_ROLE} USING (true) WITH CHECK (true)', guarded);
    END LOOP;
  END $$`;

/** The engine has connections of its own; they work as the worker from their first statement on. */
function asWorker(connectionString: string): string {
  const url = new URL(connectionString);
  url.searchParams.set('options', `-c role=${WORKER_ROLE}`);
  return url.href;
}

/** Jobs at once in this process, by lane. A platform has two bulk queues at most, so that one slot is left to another one. */
const SLOTS: Readonly<Record<JobLane, number>> = { push: 4, default: 8, bulk: 3 };

interface JobWait {
  name: string;
  seconds: number;
}

/** Jobs whose queue is busy wait for that, and not for a slot. */
const OLDEST_WAITS = `
  SELECT task_identifier AS name, extract(epoch FROM now() - min(run_at))::float8 AS seconds
    FROM graphile_worker.jobs
   WHERE locked_at IS NULL AND run_at <= now() AND attempts < max_attempts AND queue_name IS NULL
   GROUP BY task_identifier`;

/** How long a stop waits for jobs that do not obey their signal, which is aborted after ten seconds. */
const STOP_MS = 15_000;

export class JobRunnerOptions {
  /** Jobs at once in this process, by lane. */
  slots: Readonly<Record<JobLane, number>> = SLOTS;
  /** A worker whose last heartbeat is older (ms) is dead, and its jobs are given to others. */
  deadAfterMs = 20_000;
  heartbeatMs = 5000;
}

/** The job engine of one process: start, drain, stop. Jobs of a killed process are taken over within half a minute. */
@Injectable()
export class JobRunner implements OnApplicationShutdown {
  private readonly runners: Runner[] = [];
  private heartbeat: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | undefined;
  private readonly workerIds = new Set<string>();

  constructor(
    private readonly db: Database,
    private readonly handlers: JobHandlers,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly options: JobRunnerOptions,
  ) {
    const help = 'For how long the oldest job that could run has waited, by lane';
    metrics.gauge('wxfleet_job_delay_seconds', help, ['lane'], async (gauge) => {
      const waits = await db.query<JobWait>(OLDEST_WAITS).catch(() => null);
      if (waits) this.showDelays(gauge, waits);
    });
  }

  /** Starts work on jobs; when all handlers have been added. A process without the worker role does not call it. */
  async start(): Promise<void> {
    await this.takeOverDeadWorkers();
    for (const lane of ['push', 'default', 'bulk'] as const) {
      const handlers = this.handlers.all().filter(({ definition }) => definition.lane === lane);
      if (handlers.length > 0) this.runners.push(await this.startLane(lane, handlers));
    }
    await this.beat();
    this.heartbeat = setInterval(() => void this.beat(), this.options.heartbeatMs);
    this.heartbeat.unref();
  }

  /** Takes no new jobs, waits for the running ones; their signal is aborted after ten seconds. Calling it again waits too. */
  stop(): Promise<void> {
    this.stopped ??= this.drain();
    return this.stopped;
  }

  /** The hub stops the runner before its capabilities; this is for modules that are built by themselves. */
  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  private async drain(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.beating;
    const stopped = await within(STOP_MS, Promise.all(this.runners.map((runner) => runner.stop())));
    // Its row stays, so that another process frees its jobs once it is dead.
    if (!stopped) return this.log.warn('jobs.not_stopped', { workers: this.workerIds.size });
    if (this.workerIds.size > 0) {
      await this.db
        .repository(JobWorker)
        .delete({ workerId: In([...this.workerIds]) })
        .catch(() => undefined);
    }
  }

  /** A runner of its own for each lane: the engine takes only jobs that a runner has a task for. */
  private startLane(lane: JobLane, handlers: readonly JobHandler[]): Promise<Runner> {
    const taskList: TaskList = {};
    for (const handler of handlers) {
      taskList[handler.definition.name] = (payload, helpers) => this.perform(handler, payload, helpers);
    }
    const events: WorkerEvents = new EventEmitter();
    events.on('worker:create', ({ worker }) => this.workerIds.add(worker.workerId));
    const slots = this.options.slots[lane];
    return run({
      connectionString: asWorker(this.db.url),
      taskList,
      concurrency: slots,
      maxPoolSize: slots + 2,
      pollInterval: 1000,
      noHandleSignals: true,
      events,
      logger: engineLogger(this.log),
      preset: { worker: { gracefulShutdownAbortTimeout: 10_000 } },
    });
  }

  private async perform({ definition, run }: JobHandler, stored: unknown, helpers: JobHelpers): Promise<void> {
    const { [TRACEPARENT_KEY]: traceparent, ...payload } = stored as { [TRACEPARENT_KEY]?: string };
    const outcomes = this.metrics.counter('wxfleet_jobs_total', 'Jobs by name and outcome', ['job', 'outcome']);
    const { attempts: attempt, max_attempts: maxAttempts } = helpers.job;
    // One signal for all jobs of a lane; every call of every job listens to it, which is no leak.
    setMaxListeners(0, helpers.abortSignal);
    try {
      await traced(
        `job ${definition.name}`,
        'consumer',
        () => ({ 'wxfleet.job': definition.name, 'wxfleet.attempt': attempt }),
        () => run(payload, { signal: helpers.abortSignal, attempt, maxAttempts }),
        traceparent,
      );
      outcomes.inc({ job: definition.name, outcome: 'done' });
    } catch (error) {
      const isLast = attempt >= maxAttempts;
      outcomes.inc({ job: definition.name, outcome: isLast ? 'dead' : 'retry' });
      // Only the last failure needs a person.
      this.log[isLast ? 'error' : 'warn']('job.failed', { job: definition.name, attempt, payload, error });
      throw error;
    }
  }

  private showDelays(gauge: { set(labels: { lane: string }, value: number): void }, waits: readonly JobWait[]): void {
    const delays: Record<JobLane, number> = { push: 0, default: 0, bulk: 0 };
    for (const { name, seconds } of waits) {
      const lane = this.handlers.all().find(({ definition }) => definition.name === name)?.definition.lane;
      if (lane) delays[lane] = Math.max(delays[lane], seconds);
    }
    for (const [lane, seconds] of Object.entries(delays)) gauge.set({ lane }, seconds);
  }

  private beat(): Promise<void> {
    this.beating = this.beating.then(async () => {
      try {
        await this.db.run(
          `INSERT INTO jobs.worker SELECT id, now() FROM unnest($1::text[]) AS id
           ON CONFLICT (worker_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
          [[...this.workerIds]],
        );
        await this.takeOverDeadWorkers();
      } catch (error) {
        this.log.warn('jobs.heartbeat_failed', { error });
      }
    });
    return this.beating;
  }

  /** Frees the jobs of workers whose heartbeat stopped; any living process may do it, doing it twice changes nothing. */
  private async takeOverDeadWorkers(): Promise<void> {
    const dead = await this.db.query<{ worker_id: string }>(
      `WITH dead AS (
         DELETE FROM jobs.worker WHERE heartbeat_at < now() - make_interval(secs => $1::float8 / 1000) RETURNING worker_id)
       SELECT worker_id, jobs.free_workers(ARRAY[worker_id]) FROM dead`,
      [this.options.deadAfterMs],
    );
    if (dead.length > 0) this.log.warn('jobs.dead_workers_taken_over', { workers: dead.length });
  }
}

function engineLogger(log: Log | undefined): Logger {
  return new Logger(() => (level, message) => {
    // The engine reports every failed job too; our own line has more. Its infos are noise in production.
    if (String(level) === 'error') log?.debug('jobs.engine', { message });
    else if (String(level) === 'warning') log?.warn('jobs.engine', { message });
  });
}
