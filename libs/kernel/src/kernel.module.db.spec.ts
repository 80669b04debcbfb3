import { Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cloneDatabase, testKernel, type TestDatabase } from '#libs/testing';
import { Clock } from './clock.ts';
import { Database } from './postgres/database.ts';
import { Log } from './log/log.ts';
import { Metrics } from './metrics/metrics.ts';
import { KeyRing, Sealer } from './sealing/sealer.ts';
import { Settings } from './settings/settings.ts';
import { Ticks } from './concurrency/ticks.ts';

const stops: string[] = [];

/** Stops by a statement, which fails when the database is already closed. */
abstract class Stopping implements OnApplicationShutdown {
  constructor(
    private readonly db: Database,
    private readonly name: string,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.db.query('SELECT 1');
    stops.push(this.name);
  }
}

@Injectable()
class Lower extends Stopping {
  constructor(db: Database) {
    super(db, 'lower');
  }
}
@Module({ providers: [Lower], exports: [Lower] })
class LowerModule {}

@Injectable()
class Upper extends Stopping {
  constructor(
    readonly lower: Lower,
    db: Database,
  ) {
    super(db, 'upper');
  }
}
/** Beside `LowerModule` the shorter path to it, which must not decide. */
@Module({ imports: [LowerModule], providers: [Upper], exports: [Upper] })
class UpperModule {}

describe('KernelModule', () => {
  let test: TestDatabase | undefined;
  afterEach(() => test?.drop());

  it('provides its parts to modules that do not import it', async () => {
    test = await cloneDatabase();
    const app = await Test.createTestingModule({ imports: [testKernel(test), UpperModule] }).compile();
    for (const token of [Settings, KeyRing, Log, Metrics, Clock, Database, Sealer, Ticks]) {
      expect(app.get(token as never)).toBeInstanceOf(token === Settings ? Object : token);
    }
    const sealer = app.get(Sealer);
    expect(sealer.open(sealer.seal('x', 'here'), 'here').reveal()).toBe('x');
    await app.close();
  });

  it.each([
    ['before', (kernel: ReturnType<typeof testKernel>) => [kernel, LowerModule, UpperModule]],
    ['after', (kernel: ReturnType<typeof testKernel>) => [UpperModule, LowerModule, kernel]],
  ])('closes the database last, when imported %s the others', async (_, imports) => {
    test = await cloneDatabase();
    stops.length = 0;
    const app = await Test.createTestingModule({ imports: imports(testKernel(test)) }).compile();
    await app.init();
    await app.close();
    expect(stops).toEqual(['upper', 'lower']);
    await expect(test.db.query('SELECT 1')).rejects.toThrow();
  });

  it('opens a database by its URL', async () => {
    test = await cloneDatabase();
    const kernel = testKernel(test, { database: { url: test.url, poolSize: 1 } });
    const app = await Test.createTestingModule({ imports: [kernel] }).compile();
    const db = app.get(Database);
    expect(db).not.toBe(test.db);
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await app.close();
    await expect(db.query('SELECT 1')).rejects.toThrow();
  });
});
