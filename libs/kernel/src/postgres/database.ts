import pg from 'pg';
import {
  DataSource,
  getMetadataArgsStorage,
  type DataSourceOptions,
  type MigrationInterface,
  type ObjectLiteral,
  type QueryRunner,
} from 'typeorm';
import { TenantConcurrencyLimiter, type Turn } from '../concurrency/tenant-concurrency-limiter.ts';
import type { Log } from '../log/log.ts';
import { ConnectionSlots } from './connection-slots.ts';
import { isConnectionBroken } from './errors.ts';
import { Listener } from './listener.ts';
import { bytesRead, sever } from './pg-internals.ts';
import { WaitsForBeginning, type EntityClass, type Table } from './table.ts';
import { parseTimestamp } from './timestamps.ts';
import {
  type Beginning,
  type NamedStatement,
  type Sql,
  Transaction,
  send,
  tableInTransactions,
} from './transaction.ts';

// Identity columns stay far below 2^53; as numbers they compare and serialise the way people expect.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const parseAnyTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => parseTimestamp(text) ?? parseAnyTimestamp(text));

/** For which tenant a request reads and writes. `null` stands for no limit: the whole installation, all merchants. */
export interface Tenant {
  platformId: number | null;
  merchantIds: readonly string[] | null;
}

export interface DatabaseOptions {
  /** `postgres://…` */
  url: string;
  /** Connections at most; default 10. */
  poolSize?: number;
  /** How many of them only `urgentTransaction` may take; default 0. */
  reserved?: number;
  /** The role to work as, see `WORKER_ROLE`; default: the login of the URL. */
  role?: string;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Ends a statement that runs longer, in ms; default 30 000. 0: none is ended. */
  statementTimeoutMs?: number;
  /** Ends a statement that waits longer for a lock, in ms; default 2 000. 0: none is ended. */
  lockTimeoutMs?: number;
  /** How long a caller waits for a connection, in ms; default 5 000. */
  connectTimeoutMs?: number;
  log?: Log;
}

type MigrationClass = new () => MigrationInterface;

/** The role of a transaction on behalf of a tenant; the rules in `migrations/` say what it may. */
export const API_ROLE = 'wxfleet_api';
/** The role of everything else that runs: sees every row, changes no schema. */
export const WORKER_ROLE = 'wxfleet_worker';

const DEFAULT_POOL = 10;
const DEFAULT_CONNECT_TIMEOUT_MS = 5000;
/**
 * Bytes a second that a tenant may read while others ask too: large lists keep the event loop and the processors of the database
 * busy for everybody. A page of 500 accounts has some 165 KB.
 */
const BESIDE_OTHERS = { perSecond: 500_000, saved: 80_000 };
/**
 * What a millisecond of the database's work counts for, in bytes: a search that finds nothing reads nothing and takes as much of
 * the database as a large list. A second of it is a second of the share. The first milliseconds of a transaction are in the
 * price of its bytes.
 */
const BYTES_PER_MS = BESIDE_OTHERS.perSecond / 1000;
const FREE_MS = 20;
/** A byte of the later parts of a large answer is charged this many times, so that small answers come first. */
const LATER_PARTS = 4;
/**
 * Takes the lock of migrations. Asked for again and again, not waited for: an index that is built beside readers and writers waits
 * for every statement that was there before it, also for one that waits for this lock.
 */
async function migrationTurn(client: pg.PoolClient): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.taken) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Any constant: makes concurrent starts migrate one after the other. */
const MIGRATION_LOCK = 7_309_214;

/**
 * Transactions, statements and notifications on a TypeORM data source, which owns the pool. Statements by hand go to the `pg`
 * client of a query runner; repositories work on the same client (decision record 0003).
 */
export class Database implements Sql {
  /** Clock shift and role that each pooled connection has been set to; absent: none. */
  private readonly sessions = new WeakMap<pg.ClientBase, Session>();
  private session: Session;
  private readonly tenants: TenantConcurrencyLimiter;
  /** Installation-wide calls are not subject to the limits of tenants. */
  private readonly operators: TenantConcurrencyLimiter;
  private readonly slots: ConnectionSlots;
  /** Connections in use. */
  private readonly busy = new Set<pg.ClientBase>();
  private isSilent = false;
  private listener: Listener | undefined;
  private closed: Promise<void> | undefined;

  /** @param source made with `dataSourceOptions(options)`, and initialised */
  constructor(
    private readonly source: DataSource,
    private readonly options: DatabaseOptions,
  ) {
    const { poolSize = DEFAULT_POOL, reserved = 0, role } = options;
    const atOnce = Math.max(1, Math.floor(poolSize / 2));
    this.session = role === undefined ? AS_CONNECTED : { ...AS_CONNECTED, role };
    this.tenants = new TenantConcurrencyLimiter({ atOnce, beside: BESIDE_OTHERS, continuing: LATER_PARTS });
    this.operators = new TenantConcurrencyLimiter({ atOnce });
    this.slots = new ConnectionSlots(poolSize - reserved, options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS);
  }

  /** Connects; fails at once when the server is not there (the caller decides about waiting). */
  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource(dataSourceOptions(options));
    await source.initialize();
    return new Database(source, options);
  }

  /** Connections in use, and callers that wait for one. */
  get poolUse(): { busy: number; waiting: number } {
    return { busy: this.busy.size, waiting: this.slots.length };
  }

  /** Calling it again waits for the same. */
  close(): Promise<void> {
    this.closed ??= (async () => {
      await this.listener?.close();
      if (this.source.isInitialized) await this.source.destroy();
    })();
    return this.closed;
  }

  get url(): string {
    return this.options.url;
  }

  async query<Row = Record<string, unknown>>(
    text: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<Row[]> {
    return (await this.once(text, values)).rows as Row[];
  }

  async run(text: string | NamedStatement, values?: readonly unknown[]): Promise<number> {
    return (await this.once(text, values)).rowCount ?? 0;
  }

  /** Each call is a transaction of its own. */
  repository<Entity extends ObjectLiteral>(entity: EntityClass<Entity>): Table<Entity> {
    return tableInTransactions(entity, (work) => this.transaction(work));
  }

  /**
   * Several statements in one text, without values and without an answer. Everything else takes one statement only; this is for
   * constant texts, such as those of benchmarks.
   */
  async runScript(text: string): Promise<void> {
    const { client, prepared, release } = await this.checkOut();
    let failure: Error | undefined;
    try {
      await prepared;
      await client.query(text);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      release(failure);
    }
  }

  /** Commits when `work` resolves, rolls back when it rejects. Never call WeChat inside. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.within({}, work);
  }

  /**
   * The same on a connection that is kept for it (`reserved`): for what must be stored even while all other connections wait for
   * locks, such as pushes of WeChat.
   */
  urgentTransaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.within({ isUrgent: true }, work);
  }

  /**
   * One transaction on behalf of a tenant, as the api role: row-level security reads `wxfleet.platform_id` and
   * `wxfleet.merchant_ids`. Role and settings end with the transaction. No platform holds more than half of the connections, and
   * none reads more than its share while others ask; the rest waits in a queue of its platform.
   */
  forTenant<T>(tenant: Tenant, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.inTurn(tenant, {}, work);
  }

  /**
   * The same, read only: the answer does not wait for the end of the transaction, which cannot fail any more. `turn.continues`
   * for all parts of an answer but the first, `turn.gone` tells that the client has disconnected before it begins.
   * @throws AppError request_timeout when the client has disconnected
   */
  readForTenant<T>(tenant: Tenant, work: (sql: Sql) => Promise<T>, turn?: Turn): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.inTurn(tenant, { isReadOnly: true }, async (sql) => resolve(await work(sql)), turn).catch(reject);
    });
  }

  /** From now on this handle works as `role` (see `WORKER_ROLE`) instead of its login. Migrations still run as the login. */
  actAs(role: string): void {
    this.session = { ...this.session, role };
  }

  /**
   * Hears NOTIFY on `channel`. `onGap` is called after every reconnect: caches may have missed a message.
   * @returns a function that stops listening
   */
  async listen(channel: string, onMessage: (payload: string) => void, onGap: () => void): Promise<() => Promise<void>> {
    this.listener ??= new Listener(
      { connectionString: this.options.url, application_name: `${this.options.applicationName ?? 'wxfleet'} listener` },
      { onSilence: () => this.giveUp(), onAnswer: () => (this.isSilent = false) },
      this.options.log,
    );
    return this.listener.subscribe(channel, onMessage, onGap);
  }

  /** Sends a notification, with the transaction of `sql` when given (then heard at its commit). */
  async notify(channel: string, payload: string, sql: Sql = this): Promise<void> {
    await sql.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  /** Applies what is missing; several processes may start at once, one of them does the work. */
  async migrate(migrations: readonly MigrationClass[]): Promise<string[]> {
    const runner = this.source.createQueryRunner();
    const client = (await runner.connect()) as pg.PoolClient;
    try {
      await client.query("SELECT set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false)");
      await migrationTurn(client);
      const migrator = new DataSource({
        ...dataSourceOptions({ ...this.options, poolSize: 2, statementTimeoutMs: 0, lockTimeoutMs: 0 }),
        entities: [],
        subscribers: [],
        migrations: [...migrations],
        migrationsTransactionMode: 'each',
        migrationsTableName: 'wxfleet_migration',
        // Not left to the search path: for a database user called wxfleet it begins with a schema that the first
        // migration makes, and the record of what has been applied would be looked for in two places.
        schema: 'public',
      } as DataSourceOptions);
      await migrator.initialize();
      try {
        return (await migrator.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
      } finally {
        await migrator.destroy();
      }
    } finally {
      // Ends the lock and the settings too.
      void client.end().catch(() => undefined);
      await runner.release();
    }
  }

  /**
   * Shifts `wxfleet.now()` for this handle's connections, for instance `-42 days`; `null` ends it. Development, tests
   * and benchmarks replay weeks with it through the real code; nothing in production calls it.
   */
  travel(shift: string | null): void {
    this.session = { ...this.session, shift: shift ?? '' };
  }

  private async once(text: string | NamedStatement, values?: readonly unknown[]): Promise<pg.QueryResult> {
    const { client, prepared, release } = await this.checkOut();
    let failure: Error | undefined;
    let isPrepared = false;
    try {
      const answer = send(client, text, values);
      answer.catch(() => undefined); // if the connection could not be prepared, that is the reason
      await prepared;
      isPrepared = true;
      return await answer;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      release(failure && (!isPrepared || isConnectionBroken(failure)) ? failure : undefined);
    }
  }

  private inTurn<T>(tenant: Tenant, beginning: Beginning, work: (sql: Sql) => Promise<T>, turn?: Turn): Promise<T> {
    const platform = tenant.platformId === null ? '*' : String(tenant.platformId);
    const merchants = tenant.merchantIds === null ? '*' : textArray(tenant.merchantIds);
    const settings = { role: API_ROLE, 'wxfleet.platform_id': platform, 'wxfleet.merchant_ids': merchants };
    const limiter = tenant.platformId === null ? this.operators : this.tenants;
    return limiter.run(platform, (charge) => this.within({ ...beginning, settings }, work, charge), turn);
  }

  /** @param charge is told what it cost: the bytes that were read, and the time that it took, in bytes */
  private async within<T>(
    { isUrgent = false, ...beginning }: Beginning & { isUrgent?: boolean },
    work: (sql: Sql) => Promise<T>,
    charge?: (bytes: number) => void,
  ): Promise<T> {
    const { client, runner, prepared, release } = await this.checkOut(beginning.settings?.['role'], isUrgent);
    let broken: Error | undefined;
    prepared.catch((error: Error) => (broken = error));
    const bytesBefore = bytesRead(client);
    const beganMs = performance.now();
    const transaction = new Transaction(client, runner, { ...beginning, prepared });
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      // A connection whose rollback fails is not used again, nor one to a server that cannot be used.
      await transaction.rollback().catch((rollbackError: Error) => (broken = rollbackError));
      if (isConnectionBroken(error)) broken ??= error as Error;
      throw error;
    } finally {
      const slowMs = Math.max(0, performance.now() - beganMs - FREE_MS);
      charge?.(bytesRead(client) - bytesBefore + slowMs * BYTES_PER_MS);
      release(broken);
    }
  }

  /** The server does not answer: fails everything that waits for it now, and, until it answers again, everything new at once. */
  private giveUp(): void {
    this.isSilent = true;
    for (const client of this.busy) sever(client);
  }

  /**
   * A connection in the role it will be used as, outside of any transaction too: if a transaction for a tenant fails to begin,
   * what was sent behind its beginning runs as the api role for no tenant, which sees and changes nothing.
   */
  private async checkOut(role = this.session.role, isUrgent = false): Promise<CheckedOut> {
    if (this.isSilent) throw Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' });
    if (!isUrgent) await this.slots.take();
    const runner = this.source.createQueryRunner();
    let client: pg.PoolClient;
    try {
      client = (await runner.connect()) as pg.PoolClient;
    } catch (error) {
      if (!isUrgent) this.slots.give();
      throw error;
    }
    this.busy.add(client);
    const release = (broken?: Error): void => {
      this.busy.delete(client);
      // The pool drops a connection that is being ended.
      if (broken) void client.end().catch(() => undefined);
      void runner.release();
      if (!isUrgent) this.slots.give();
    };
    return { client, runner, prepared: this.prepare(client, role), release };
  }

  /** Sets role and clock shift where they differ. Sent, not answered: what follows on the connection must not count without it. */
  private prepare(client: pg.ClientBase, role: string): Promise<unknown> {
    const { shift } = this.session;
    const present = this.sessions.get(client) ?? AS_CONNECTED;
    if (present.role === role && present.shift === shift) return Promise.resolve();
    this.sessions.set(client, { shift, role });
    const prepared = send(
      client,
      "SELECT set_config('wxfleet.clock_shift', $1, false), set_config('role', $2, false)",
      [shift, role],
    );
    prepared.catch(() => undefined); // reported by what uses the connection
    return prepared;
  }
}

interface CheckedOut {
  client: pg.PoolClient;
  runner: QueryRunner;
  /** Resolves when the connection has been set up. */
  prepared: Promise<unknown>;
  /** Gives the connection back; a broken one is closed. */
  release: (broken?: Error) => void;
}

/** What a pooled connection is set to before it is used. */
interface Session {
  readonly shift: string;
  readonly role: string;
}

/** `none` is PostgreSQL's name for the login itself. */
const AS_CONNECTED: Session = { shift: '', role: 'none' };

/** The text form of a PostgreSQL array. */
function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/**
 * A client with an error handler from the first moment on: an 'error' event without one ends the process. A terminating server
 * can send its FATAL message right after the handshake. The user of the connection gets the error at the next statement.
 */
class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/**
 * How long (ms) a statement may go without an answer; undefined: for ever. The server ends a statement by itself: this is for a
 * server that has fallen silent. Twice the limit, because statements that are sent together are worked on one after the other.
 */
function readTimeoutMs(statementTimeoutMs: number): number | undefined {
  return statementTimeoutMs === 0 ? undefined : statementTimeoutMs * 2 + 5000;
}

/** Of the data source behind a `Database`. Its entities are all classes with `@Entity` that have been imported. */
export function dataSourceOptions(options: DatabaseOptions): DataSourceOptions {
  const { statementTimeoutMs = 30_000, lockTimeoutMs = 2000, log } = options;
  return {
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize ?? DEFAULT_POOL,
    applicationName: options.applicationName ?? 'wxfleet',
    connectTimeoutMS: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    logging: false,
    synchronize: false,
    installExtensions: false,
    migrations: [],
    entities: getMetadataArgsStorage().tables.map(({ target }) => target),
    subscribers: [WaitsForBeginning],
    // An idle connection that dies is replaced at the next checkout.
    poolErrorHandler: (error: Error) => log?.warn('database.connection_lost', { error }),
    extra: {
      Client: QuietClient,
      // Statements are sent without waiting for the answers to those before them (`Transaction`).
      pipeline: true,
      keepAlive: true,
      // A new connection costs its first users some ten milliseconds: the server begins with empty caches.
      idleTimeoutMillis: 300_000,
      statement_timeout: statementTimeoutMs,
      lock_timeout: lockTimeoutMs,
      query_timeout: readTimeoutMs(statementTimeoutMs),
      idle_in_transaction_session_timeout: 60_000,
    },
  };
}
