import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { currentTraceparent, type Sql } from '#libs/kernel';

/**
 * Which slots of a worker a kind of job runs in, so that one kind of work never waits for another:
 * `push` for what follows a push of WeChat, `bulk` for work over many accounts, `default` for the rest.
 */
export type JobLane = 'push' | 'default' | 'bulk';

/** A kind of job: its name and the shape of its payload. Kept apart from the handler, so that callers import no handler. */
export interface JobDefinition<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly lane: JobLane;
}

/** Names one kind of job. Payloads hold ids only, never secrets: they are stored as plain JSON. */
export function defineJob<Payload>(
  name: string,
  payload: z.ZodType<Payload>,
  { lane = 'default' }: { lane?: JobLane } = {},
): JobDefinition<Payload> {
  return { name, payload, lane };
}

export interface JobOptions {
  /**
   * At most one waiting job per key. Adding again replaces a waiting one; while one runs, one more will run after it,
   * since it may have read too early.
   */
  jobKey?: string;
  /** Not before this time. */
  runAt?: Date;
  /** Attempts in all, with exponential back-off between them (about 2.7 s, 7 s, 20 s, 55 s, …); default 25. */
  maxAttempts?: number;
  /** Jobs of one queue run one after the other. */
  queueName?: string;
  /** Lower runs first; default 0. */
  priority?: number;
  /** The span that the job becomes part of; default: the one in which it is added. */
  traceparent?: string | undefined;
}

/** Key of the payload that holds the span which has asked for a job; there with traces only. */
export const TRACEPARENT_KEY = 'wxfleet.traceparent';

export interface JobRequest<Payload = unknown> extends JobOptions {
  job: JobDefinition<Payload>;
  payload: Payload;
}

/**
 * A moment `seconds` from now for `runAt`. The engine compares it with the server's plain clock, which does not travel with
 * `wxfleet.now()`.
 */
export async function engineTime(sql: Sql, seconds: number): Promise<Date> {
  const [row] = await sql.query<{ at: Date }>('SELECT now() + make_interval(secs => $1) AS at', [seconds]);
  return (row as { at: Date }).at;
}

/** Adds jobs inside the caller's transaction: they exist if and only if it commits. */
@Injectable()
export class JobQueue {
  async add<Payload>(sql: Sql, job: JobDefinition<Payload>, payload: Payload, options: JobOptions = {}): Promise<void> {
    await this.addMany(sql, [{ job, payload, ...options }]);
  }

  /** Whether a job with this key could run now, or runs. */
  async isDue(sql: Sql, jobKey: string): Promise<boolean> {
    const [job] = await sql.query(
      `SELECT 1 FROM graphile_worker.jobs WHERE key = $1 AND attempts < max_attempts AND run_at <= now()`,
      [jobKey],
    );
    return job !== undefined;
  }

  /** One statement for any number of jobs. */
  async addMany<Payload>(sql: Sql, requests: readonly JobRequest<Payload>[]): Promise<void> {
    if (requests.length === 0) return;
    const rows = requests
      .map(({ job, payload, ...options }) => ({
        identifier: job.name,
        payload: withTrace(job.payload.parse(payload), options.traceparent),
        queue_name: options.queueName ?? null,
        run_at: options.runAt?.toISOString() ?? null,
        max_attempts: options.maxAttempts ?? null,
        job_key: options.jobKey ?? null,
        priority: options.priority ?? null,
      }))
      // The same order everywhere: two transactions that add the same keys wait for each other instead of deadlocking.
      .sort((a, b) => ((a.job_key ?? '') < (b.job_key ?? '') ? -1 : 1));
    // One statement cannot replace a key twice; of equal keys the last one wins, as separate calls would have it.
    const byKey = new Map(rows.map((row, index) => [row.job_key ?? `#${index}`, row]));
    // A function of ours: the engine's tables are open to their owner only, and a tenant adds jobs of its own platform only.
    await sql.query('SELECT jobs.add_jobs($1::json)', [JSON.stringify([...byKey.values()])]);
  }
}

function withTrace(payload: unknown, traceparent = currentTraceparent()): unknown {
  return traceparent === undefined ? payload : { ...(payload as object), [TRACEPARENT_KEY]: traceparent };
}
