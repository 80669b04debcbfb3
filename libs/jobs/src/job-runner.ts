import { EventEmitter, setMaxListeners } from 'node:events';
import { Logger, run, runMigrations, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { Database, WORKER_ROLE, type Log, type Metrics } from '#libs/kernel';
import type { JobDefinition } from './job-queue.ts';

export interface JobContext {
  /** Aborted when the process drains for too long: give up and let the job be tried again. */
  signal: AbortSignal | undefined;
  /** 1 for the first try. */
  attempt: number;
  maxAttempts: number;
}

/** A kind of job with what does it. The composition root makes the list. */
export interface JobHandler {
  readonly definition: JobDefinition<unknown>;
  readonly run: (payload: unknown, context: JobContext) => Promise<void>;
}

/** Binds a handler to its definition; the payload is checked before the handler sees it. */
export function handleJob<Payload>(
  definition: JobDefinition<Payload>,
  handler: (payload: Payload, context: JobContext) => Promise<void>,
): JobHandler {
  return {
    definition: definition,
    run: (payload, context) => handler(definition.payload.parse(payload), context),
  };
}

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

export interface JobRunnerOptions {
  db: Database;
  handlers: readonly JobHandler[];
  /** Jobs at once in this process; default 8. */
  concurrency?: number;
  log: Log;
  metrics?: Metrics;
  /** A worker that has not been heard of for so long is dead and its jobs are given to others; default 20 000 ms. */
  deadAfterMs?: number;
  heartbeatMs?: number;
}

/** The job engine of one process: start, drain, stop. Jobs of a killed process are taken over within half a minute. */
export class JobRunner {
  private runner: Runner | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private readonly workerIds = new Set<string>();

  constructor(private readonly options: JobRunnerOptions) {}

  async start(): Promise<void> {
    const { db, handlers, log, metrics } = this.options;
    const outcomes = metrics?.counter('wxfleet_jobs_total', 'Jobs by name and outcome', ['job', 'outcome']);
    const taskList: TaskList = {};
    for (const { definition, run } of handlers) {
      taskList[definition.name] = async (payload, helpers) => {
        // One signal for all jobs of the process; every call of every job listens to it, which is no leak.
        if (helpers.abortSignal) setMaxListeners(0, helpers.abortSignal);
        try {
          await run(payload, {
            signal: helpers.abortSignal,
            attempt: helpers.job.attempts,
            maxAttempts: helpers.job.max_attempts,
          });
          outcomes?.inc({ job: definition.name, outcome: 'done' });
        } catch (error) {
          const dead = helpers.job.attempts >= helpers.job.max_attempts;
          outcomes?.inc({ job: definition.name, outcome: dead ? 'dead' : 'retry' });
          // Only the last failure needs a person.
          log[dead ? 'error' : 'warn']('job.failed', {
            job: definition.name,
            attempt: helpers.job.attempts,
            payload,
            error,
          });
          throw error;
        }
      };
    }
    await this.takeOverDeadWorkers();
    const events: WorkerEvents = new EventEmitter();
    events.on('worker:create', ({ worker }) => this.workerIds.add(worker.workerId));
    this.runner = await run({
      connectionString: asWorker(db.url),
      taskList,
      concurrency: this.options.concurrency ?? 8,
      pollInterval: 1000,
      noHandleSignals: true,
      events,
      logger: engineLogger(log),
      preset: { worker: { gracefulShutdownAbortTimeout: 10_000 } },
    });
    await this.beat();
    this.heartbeat = setInterval(() => void this.beat(), this.options.heartbeatMs ?? 5000);
    this.heartbeat.unref();
  }

  /** Takes no new jobs, waits for the running ones. */
  async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.beating;
    await this.runner?.stop();
    if (this.workerIds.size > 0) {
      await this.options.db
        .run('DELETE FROM jobs.worker WHERE worker_id = ANY($1)', [[...this.workerIds]])
        .catch(() => undefined);
    }
  }

  private beat(): Promise<void> {
    this.beating = this.beating.then(async () => {
      try {
        await this.options.db.run(
          `INSERT INTO jobs.worker SELECT id, now() FROM unnest($1::text[]) AS id
           ON CONFLICT (worker_id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
          [[...this.workerIds]],
        );
        await this.takeOverDeadWorkers();
      } catch (error) {
        this.options.log.warn('jobs.heartbeat_failed', { error });
      }
    });
    return this.beating;
  }

  /** Frees the jobs of workers whose heartbeat stopped; any living process may do it, doing it twice changes nothing. */
  private async takeOverDeadWorkers(): Promise<void> {
    const dead = await this.options.db.query<{ worker_id: string }>(
      `WITH dead AS (
         DELETE FROM jobs.worker WHERE heartbeat_at < now() - make_interval(secs => $1::float8 / 1000) RETURNING worker_id)
       SELECT worker_id, jobs.free_workers(ARRAY[worker_id]) FROM dead`,
      [this.options.deadAfterMs ?? 20_000],
    );
    if (dead.length > 0) this.options.log.warn('jobs.dead_workers_taken_over', { workers: dead.length });
  }
}

function engineLogger(log: Log | undefined): Logger {
  return new Logger(() => (level, message) => {
    // The engine reports every failed job too; our own line has more. Its infos are noise in production.
    if (String(level) === 'error') log?.debug('jobs.engine', { message });
    else if (String(level) === 'warning') log?.warn('jobs.engine', { message });
  });
}
