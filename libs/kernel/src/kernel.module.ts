import {
  Global,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ClockCheck } from './clock-check.ts';
import { Clock, SystemClock } from './clock.ts';
import { Database, dataSourceOptions, type DatabaseOptions } from './postgres/database.ts';
import { ReadReplica, type ReplicaOptions } from './postgres/read-replica.ts';
import { Log } from './log/log.ts';
import { Metrics } from './metrics/metrics.ts';
import { SealedTables } from './sealing/sealed-tables.ts';
import { KeyRing, Sealer } from './sealing/sealer.ts';
import { Settings } from './settings/settings.ts';
import { Ticks } from './concurrency/ticks.ts';
import { Tracing } from './tracing/tracing.ts';

export interface KernelParts {
  settings: Settings;
  /** Of MASTER_KEYS, or of the data folder of the embedded database. */
  masterKeys: KeyRing;
  /** How to open the database, or (in specs) an open one. The module closes it in either case. */
  database: Database | DatabaseOptions;
  /** Default: none, and the primary answers everything. */
  replica?: ReplicaOptions | undefined;
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
 * Within one module, a provider stops before those that it injects. The root module stops ticks and jobs first of all; ticks that
 * still run are stopped here before any module stops.
 */
@Global()
@Module({})
export class KernelModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly ticks: Ticks,
    private readonly db: Database,
    private readonly replica: ReadReplica,
    metrics: Metrics,
  ) {
    const help = 'Connections of this process to the database that are in use (busy), and callers that wait for one';
    metrics.gauge('wxfleet_database_connections', help, ['state'], (gauge) => {
      const { busy, waiting } = db.poolUse;
      gauge.set({ state: 'busy' }, busy);
      gauge.set({ state: 'waiting' }, waiting);
    });
  }

  static forRoot(parts: KernelParts): DynamicModule {
    const { settings, masterKeys } = parts;
    const database = parts.database instanceof Database ? openDatabase(parts.database) : ownDatabase(parts.database);
    return {
      module: KernelModule,
      imports: database.imports,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: KeyRing, useValue: masterKeys },
        { provide: Log, useFactory: () => parts.log ?? new Log(settings.logLevel) },
        { provide: Metrics, useFactory: () => parts.metrics ?? new Metrics() },
        { provide: Clock, useFactory: () => parts.clock ?? new SystemClock() },
        database.provider,
        {
          provide: ReadReplica,
          useFactory: (db: Database, log: Log, metrics: Metrics) =>
            new ReadReplica(db, parts.replica ?? null, log, metrics),
          inject: [Database, Log, Metrics],
        },
        { provide: Sealer, useFactory: (ring: KeyRing) => new Sealer(ring), inject: [KeyRing] },
        { provide: Tracing, useFactory: (of: Settings) => Tracing.start(of), inject: [Settings] },
        SealedTables,
        Ticks,
        ClockCheck,
      ],
      exports: [Settings, KeyRing, Log, Metrics, Clock, Database, ReadReplica, Sealer, SealedTables, Ticks, ClockCheck],
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.ticks.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.replica.close();
    await this.db.close();
  }
}

/** How the module comes by its database. */
interface DatabaseSource {
  imports: DynamicModule[];
  provider: FactoryProvider<Database>;
}

function openDatabase(database: Database): DatabaseSource {
  return { imports: [], provider: { provide: Database, useFactory: () => database } };
}

let dataSources = 0;

/** The TypeORM module owns the data source. Its name is unique, because several hubs may run in one Node process. */
function ownDatabase(options: DatabaseOptions): DatabaseSource {
  dataSources += 1;
  const name = `wxfleet ${dataSources}`;
  const source = TypeOrmModule.forRootAsync({
    name,
    useFactory: (log: Log) => ({ ...dataSourceOptions({ log, ...options }), retryAttempts: 0 }),
    inject: [Log],
    dataSourceFactory: async (made) => new DataSource(made as DataSourceOptions).initialize(),
  });
  return {
    imports: [source],
    provider: {
      provide: Database,
      useFactory: (made: DataSource, log: Log) => new Database(made, { log, ...options }),
      inject: [getDataSourceToken(name), Log],
    },
  };
}
