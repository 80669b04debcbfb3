import { HttpConnection, type HttpAnswer } from './http-connection.ts';
import { percentile } from './report.ts';

export interface LoadResult {
  requests: number;
  failures: number;
  /** What the first failure looked like. */
  failure: string | null;
  seconds: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Milliseconds of every request, in the order of their numbers. */
  samplesMs: readonly number[];
}

export interface LoadOptions {
  url: string;
  /** The bytes of the n-th request. */
  request: (n: number) => Buffer;
  connections: number;
  /** How many requests in all. */
  requests: number;
  /** Open loop: requests per second, due on time whether or not earlier ones are answered. Absent: closed loop. */
  ratePerSecond?: number;
  ok?: (answer: HttpAnswer) => boolean;
  /** Awaited when all connections are open; lets several loads begin at one moment. */
  beforeFirst?: () => Promise<void>;
}

/**
 * Bounded load against loopback. Closed loop: each connection sends the next request when it has its answer. Open loop:
 * latency counts from the time at which a request was due, so waiting for a free connection is part of it.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { requests } = options;
  const ok = options.ok ?? ((answer) => answer.status < 300);
  const samples = new Float64Array(requests);
  let failures = 0;
  let failure: string | null = null;
  const once = async (connection: HttpConnection, n: number, due: number) => {
    let wrong: string | null = null;
    try {
      const answer = await connection.send(options.request(n));
      if (!ok(answer)) wrong = `${answer.status} ${answer.body.slice(0, 300)}`;
    } catch (error) {
      wrong = (error as Error).message;
    }
    samples[n] = performance.now() - due;
    if (wrong !== null) {
      failures += 1;
      failure ??= wrong;
    }
  };
  const connections = await Promise.all(
    Array.from({ length: Math.min(options.connections, requests) }, () => HttpConnection.open(options.url)),
  );
  const usable = async (at: number): Promise<HttpConnection> => {
    if (connections[at]!.broken) connections[at] = await HttpConnection.open(options.url);
    return connections[at]!;
  };
  await options.beforeFirst?.();
  const started = performance.now();
  try {
    if (options.ratePerSecond === undefined) {
      let next = 0;
      await Promise.all(
        connections.map(async (_, at) => {
          while (next < requests) {
            const n = next;
            next += 1;
            await once(await usable(at), n, performance.now());
          }
        }),
      );
    } else {
      await openLoop(requests, 1000 / options.ratePerSecond, connections.length, async (at, n, due) =>
        once(await usable(at), n, due),
      );
    }
  } finally {
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const list = Array.from(samples);
  return {
    requests,
    failures,
    failure,
    seconds,
    perSecond: requests / seconds,
    p50: percentile(list, 50),
    p95: percentile(list, 95),
    p99: percentile(list, 99),
    max: percentile(list, 100),
    samplesMs: list,
  };
}

async function openLoop(
  requests: number,
  gapMs: number,
  connections: number,
  once: (connection: number, n: number, due: number) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const free = Array.from({ length: connections }, (_, at) => at);
  let next = 0;
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    const send = () => {
      const now = performance.now() - started;
      while (free.length > 0 && next < requests && next * gapMs <= now) {
        const at = free.pop()!;
        const n = next;
        next += 1;
        running += 1;
        once(at, n, started + n * gapMs).then(() => {
          running -= 1;
          free.push(at);
          if (next * gapMs <= performance.now() - started) send();
        }, reject);
      }
      if (next >= requests && running === 0) {
        clearInterval(timer);
        resolve();
      }
    };
    const timer = setInterval(send, 1);
  });
}
