import { KeyRing, Log, Sealer, type Sql } from '#libs/kernel';

/** A sealer with a fresh random master key. */
export function testSealer(): Sealer {
  return new Sealer(KeyRing.parse(KeyRing.generate('test')));
}

/** A log that keeps its lines, for asserting on them and for looking for secrets in them. */
export function testLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: new Log('debug', (line) => lines.push(line)), lines };
}

/** Asks again every few milliseconds until `check` gives something truthy; fails with `what` after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T> | T,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`did not happen within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Until `count` statements in the database of `onlooker` wait for a lock. Its role must be allowed to see what others wait for. */
export async function lockAwaited(what: string, onlooker: Sql, count = 1): Promise<void> {
  await eventually(what, async () => {
    const waiting = await onlooker.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length >= count;
  });
}
