import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import net, { type AddressInfo } from 'node:net';
import { cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { Database } from './database.ts';
import { isDatabaseUnavailable } from './errors.ts';

jest.setTimeout(60_000);

/** A way to the database on which packets can get lost without a word: no answer, no refusal. */
class QuietLine {
  private readonly sockets = new Set<net.Socket>();
  isSilent = false;
  /** Falls silent at the next connection. */
  silentFromNext = false;
  url = '';

  private constructor(private readonly server: net.Server) {}

  static async to(databaseUrl: string): Promise<QuietLine> {
    const target = new URL(databaseUrl);
    const line = new QuietLine(net.createServer((near) => line.connected(near, target)));
    await new Promise<void>((resolve) => line.server.listen(0, '127.0.0.1', resolve));
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((line.server.address() as AddressInfo).port);
    line.url = url.href;
    return line;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private connected(near: net.Socket, target: URL): void {
    this.isSilent ||= this.silentFromNext;
    const far = net.connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on('data', (bytes) => {
        if (!this.isSilent) other.write(bytes);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}

describe('a database that falls silent', () => {
  let test: TestDatabase;
  let line: QuietLine;
  let db: Database;

  beforeEach(async () => {
    test = await cloneDatabase();
    line = await QuietLine.to(test.url);
    db = await test.another({ url: line.url, poolSize: 2 });
  });

  afterEach(async () => {
    line.isSilent = false;
    line.silentFromNext = false;
    await test.drop();
    await line.close();
  });

  it('while the listener is on its way back is noticed, and nobody waits for it', async () => {
    await db.listen(
      'c1',
      () => undefined,
      () => undefined,
    );
    await db.query('SELECT 1');
    line.silentFromNext = true;
    await test.db.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%listener'",
    );
    await eventually('the listener is on its way back', () => line.isSilent);

    const refusal = await db.query('SELECT 1').catch((error: unknown) => error);

    expect(isDatabaseUnavailable(refusal)).toBe(true);
    line.silentFromNext = false;
    line.isSilent = false;
    await eventually('it is asked again', () => db.query('SELECT 1').catch(() => null), 20_000);
  });

  it('while nobody listens is noticed by the time that a statement may take', async () => {
    const hasty = await test.another({ url: line.url, poolSize: 1, statementTimeoutMs: 500 });
    const other = await test.another({ url: line.url, poolSize: 1, statementTimeoutMs: 500 });
    await Promise.all([hasty.query('SELECT 1'), other.query('SELECT 1')]);
    line.isSilent = true;
    const [alone, within] = await Promise.all([
      hasty.query('SELECT 1').catch((error: unknown) => error),
      other.transaction((sql) => sql.query('SELECT 1')).catch((error: unknown) => error),
    ]);
    expect(isDatabaseUnavailable(alone)).toBe(true);
    expect(isDatabaseUnavailable(within)).toBe(true);
    line.isSilent = false;
    expect(await hasty.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('a listener', () => {
  it('hears every channel, also those that are subscribed to while it connects', async () => {
    const test = await cloneDatabase();
    const db = await test.another();
    const heard = new Set<string>();
    const channels = Array.from({ length: 60 }, (_, n) => `spec_${n}`);
    const subscribed: Promise<() => Promise<void>>[] = [];
    for (const channel of channels) {
      subscribed.push(
        db.listen(
          channel,
          () => heard.add(channel),
          () => undefined,
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const stops = await Promise.all(subscribed);
    for (const channel of channels) await db.notify(channel, '');
    await eventually('all of them', () => heard.size === channels.length);
    await Promise.all(stops.map((stop) => stop()));
    await test.drop();
  });
});
