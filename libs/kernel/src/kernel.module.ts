import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, SystemClock } from './clock.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { Log } from './log.ts';
import { Metrics } from './metrics.ts';
import { KeyRing, Sealer } from './sealer.ts';
import { Settings } from './settings.ts';
import { Ticks } from './ticks.ts';

export interface KernelParts {
  settings: Settings;
  /** Of MASTER_KEYS, or of the data folder of the embedded database. */
  masterKeys: KeyRing;
  /** An open database, or how to open one. The module closes it in either case. */
  database: Database | DatabaseOptions;
  /** Default: lines on standard output at the level of the settings. */
  log?: Log;
  /** Default: an empty registry. */
  metrics?: Metrics;
  /** Default: the clocks of this machine. */
  clock?: Clock;
}

/**
 * What every capability may inject without importing anything: settings, keys, log, metrics, clock, database, sealer, ticks.
 *
 * The database is closed after everything else has stopped. This holds because of two rules of Nest 12.5 (`callShutdownHook` in
 * nest-application-context.js, `calculateModulesDistance` in scanner.js), and `kernel.module.db.spec.ts` checks it:
 * - Shutdown hooks run module by module, importing modules before imported ones (by the longest import path from the root).
 * - Global modules have the greatest distance of all: they start first and stop last. Those among each other stop in the reverse
 *   order in which they were found.
 *
 * Within one module, a provider stops before those that it injects.
 */
@Global()
@Module({})
export class KernelModule implements OnApplicationShutdown {
  constructor(
    private readonly ticks: Ticks,
    private readonly db: Database,
  ) {}

  static forRoot(parts: KernelParts): DynamicModule {
    const { settings, masterKeys, database } = parts;
    return {
      module: KernelModule,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: KeyRing, useValue: masterKeys },
        { provide: Log, useFactory: () => parts.log ?? new Log(settings.logLevel) },
        { provide: Metrics, useFactory: () => parts.metrics ?? new Metrics() },
        { provide: Clock, useFactory: () => parts.clock ?? new SystemClock() },
        {
          provide: Database,
          useFactory: (log: Log) => (database instanceof Database ? database : Database.open({ log, ...database })),
          inject: [Log],
        },
        { provide: Sealer, useFactory: (ring: KeyRing) => new Sealer(ring), inject: [KeyRing] },
        Ticks,
      ],
      exports: [Settings, KeyRing, Log, Metrics, Clock, Database, Sealer, Ticks],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ticks.stop();
    await this.db.close();
  }
}
