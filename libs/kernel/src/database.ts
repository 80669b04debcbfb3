import pg from 'pg';
import { DataSource, type MigrationInterface, type DataSourceOptions } from 'typeorm';
import { FairShare, type Turn } from './fair-share.ts';
import { Listener } from './listener.ts';
import type { Log } from './log.ts';
import { sever } from './sever.ts';
import { parseTimestamp } from './timestamps.ts';
import { type Beginning, type PlannedOnce, type Sql, Transaction, bytesRead, send } from './transaction.ts';

// Identity columns stay far below 2^53; as numbers they compare and serialise the way people expect.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const parseAnyTimestamp = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => parseTimestamp(text) ?? parseAnyTimestamp(text));

/** For whom a request reads and writes. `null` stands for no limit: the whole installation, all merchants. */
export interface Tenant {
  platformId: number | null;
  merchantIds: readonly string[] | null;
}

export interface DatabaseOptions {
  /** `postgres://…` */
  url: string;
  /** Connections at most; default 10. */
  poolSize?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Ends a statement that runs longer, in ms; default 30 000. 0: none is ended. */
  statementTimeoutMs?: number;
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
/**
 * Bytes a second that a tenant may read while others ask too: its large lists fill the one event loop and the processors of
 * the database, and that is what a neighbour feels. A page of 500 accounts is some 165 KB.
 */
const BESIDE_OTHERS = { perSecond: 500_000, saved: 80_000 };
/** A byte of a large answer's later portions costs as much as this many: beside others whoever asks for little comes first. */
const LATER_PORTIONS = 4;
/** Any constant: makes concurrent starts migrate one after the other. */
const MIGRATION_LOCK = 7_309_214;

/**
 * The pool, transactions and notifications. TypeORM's data source owns the pool and runs migrations; statements are
 * written by hand and go to `pg` directly (decision record 0003).
 */
export class Database implements Sql {
  /** Time shift and role that each pooled connection has been given; absent: none. */
  private readonly sessions = new WeakMap<pg.PoolClient, Session>();
  private session: Session = AS_CONNECTED;
  private readonly tenants: FairShare;
  /** Who asks for the whole installation is no tenant, and nobody's neighbour. */
  private readonly operators: FairShare;
  /** Connections that somebody waits for. */
  private readonly busy = new Set<pg.PoolClient>();
  private isSilent = false;
  private listener: Listener | undefined;
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly source: DataSource,
    private readonly pool: pg.Pool,
    private readonly options: DatabaseOptions,
  ) {
    const atOnce = Math.max(1, Math.floor((options.poolSize ?? DEFAULT_POOL) / 2));
    this.tenants = new FairShare({ atOnce, beside: BESIDE_OTHERS, continuing: LATER_PORTIONS });
    this.operators = new FairShare({ atOnce });
  }

  /** Connects; fails at once when the server is not there (whoever starts us decides about waiting). */
  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({ ...dataSourceOptions(options), migrations: [] });
    await source.initialize();
    const { master } = source.driver as unknown as { master: pg.Pool };
    // An idle connection that dies is replaced at the next checkout; without a listener the process would end.
    master.on('error', (error) => options.log?.warn('database.connection_lost', { error }));
    return new Database(source, master, options);
  }

  /** Calling it again waits for the same. */
  close(): Promise<void> {
    this.closed ??= (async () => {
      await this.listener?.close();
      await this.source.destroy();
    })();
    return this.closed;
  }

  get url(): string {
    return this.options.url;
  }

  async query<Row = Record<string, unknown>>(text: string | PlannedOnce, values?: readonly unknown[]): Promise<Row[]> {
    return (await this.once(text, values)).rows as Row[];
  }

  async run(text: string | PlannedOnce, values?: readonly unknown[]): Promise<number> {
    return (await this.once(text, values)).rowCount ?? 0;
  }

  /**
   * Several statements in one text, without values and without an answer. Everything else takes one statement only; this is for
   * texts that are written down here, such as those of benchmarks.
   */
  async runScript(text: string): Promise<void> {
    const { client, prepared } = await this.checkOut();
    let failure: Error | undefined;
    try {
      await prepared;
      await client.query(text);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      this.giveBack(client, failure);
    }
  }

  /** Commits when `work` resolves, rolls back when it rejects. Never call WeChat inside. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.within({}, work);
  }

  /**
   * One transaction on behalf of a tenant, as the api role: row-level security reads `wxfleet.platform_id` and
   * `wxfleet.merchant_ids`. Role and settings end with the transaction. No platform holds more than half of the
   * connections, nor reads without end while others ask; what is more waits for its own.
   */
  forTenant<T>(tenant: Tenant, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.inTurn(tenant, {}, work);
  }

  /**
   * The same for what only reads, and PostgreSQL sees to it that it does: the answer does not wait until the transaction has
   * ended, for nothing can go wrong with it any more. `turn.continues` for all parts of an answer but the first, `turn.gone` for
   * who may hang up before it begins.
   * @throws AppError request_timeout when the caller has gone
   */
  readForTenant<T>(tenant: Tenant, work: (sql: Sql) => Promise<T>, turn?: Turn): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.inTurn(tenant, { isReadOnly: true }, async (sql) => resolve(await work(sql)), turn).catch(reject);
    });
  }

  /**
   * From now on this handle works as `role` (see `WORKER_ROLE`), instead of as the login that owns the schema. Migrations
   * still run as the login.
   */
  actAs(role: string): void {
    this.session = { ...this.session, role };
  }

  /**
   * Hears NOTIFY on `channel`. `onGap` is called after every reconnect: whatever was cached may have missed a message.
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
    const client = await this.pool.connect();
    try {
      await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const migrator = new DataSource({
        ...dataSourceOptions({ ...this.options, poolSize: 2, statementTimeoutMs: 0 }),
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
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
      client.release();
    }
  }

  /**
   * Shifts `wxfleet.now()` for this handle's connections, for instance `-42 days`; `null` ends it. Development, tests
   * and benchmarks replay weeks with it through the real code; nothing in production calls it.
   */
  travel(shift: string | null): void {
    this.session = { ...this.session, shift: shift ?? '' };
  }

  private async once(text: string | PlannedOnce, values?: readonly unknown[]): Promise<pg.QueryResult> {
    const { client, prepared } = await this.checkOut();
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
      this.giveBack(client, failure && (!isPrepared || isDatabaseUnavailable(failure)) ? failure : undefined);
    }
  }

  private inTurn<T>(tenant: Tenant, beginning: Beginning, work: (sql: Sql) => Promise<T>, turn?: Turn): Promise<T> {
    const platform = tenant.platformId === null ? '*' : String(tenant.platformId);
    const merchants = tenant.merchantIds === null ? '*' : textArray(tenant.merchantIds);
    const settings = { role: API_ROLE, 'wxfleet.platform_id': platform, 'wxfleet.merchant_ids': merchants };
    const share = tenant.platformId === null ? this.operators : this.tenants;
    return share.run(platform, (charge) => this.within({ ...beginning, settings }, work, charge), turn);
  }

  /** @param charge is told how many bytes were read */
  private async within<T>(
    beginning: Beginning,
    work: (sql: Sql) => Promise<T>,
    charge?: (bytes: number) => void,
  ): Promise<T> {
    const { client, prepared } = await this.checkOut(beginning.settings?.['role']);
    let broken: Error | undefined;
    prepared.catch((error: Error) => (broken = error));
    const bytesBefore = bytesRead(client);
    const transaction = new Transaction(client, { ...beginning, prepared });
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      // A connection whose rollback fails is not given back to the pool, nor one to a server that cannot be used.
      await transaction.rollback().catch((rollbackError: Error) => (broken = rollbackError));
      if (isDatabaseUnavailable(error)) broken ??= error as Error;
      throw error;
    } finally {
      charge?.(bytesRead(client) - bytesBefore);
      this.giveBack(client, broken);
    }
  }

  /**
   * The server neither answers nor refuses: who waits for it now is told so, and who comes before it answers again is told
   * at once. Without this a caller would wait for as long as the server hangs.
   */
  private giveUp(): void {
    this.isSilent = true;
    for (const client of this.busy) sever(client);
  }

  private giveBack(client: pg.PoolClient, broken?: Error): void {
    this.busy.delete(client);
    client.release(broken);
  }

  /**
   * A connection in the role it will be used as, outside of any transaction too: should a transaction on behalf of a tenant fail
   * to begin, what was sent behind its beginning runs as the api role for no tenant, and that sees and changes nothing.
   * @returns `prepared`: sent, not answered; what follows on the connection need not wait for it, but must not count without it
   */
  private async checkOut(role = this.session.role): Promise<{ client: pg.PoolClient; prepared: Promise<unknown> }> {
    if (this.isSilent) throw Object.assign(new Error('the database does not answer'), { code: 'ETIMEDOUT' });
    const client = await this.pool.connect();
    this.busy.add(client);
    const { shift } = this.session;
    const present = this.sessions.get(client) ?? AS_CONNECTED;
    if (present.role === role && present.shift === shift) return { client, prepared: Promise.resolve() };
    this.sessions.set(client, { shift, role });
    const prepared = send(
      client,
      "SELECT set_config('wxfleet.clock_shift', $1, false), set_config('role', $2, false)",
      [shift, role],
    );
    prepared.catch(() => undefined); // whoever uses the connection hears of it
    return { client, prepared };
  }
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
 * A connection that dies while nothing is asked of it says so by an event, which without a listener would end the process.
 * From its first moment on: a server that shuts down may say farewell in the same breath as its welcome. Whoever has the
 * connection hears of it at the next statement.
 */
class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/**
 * How long (ms) a statement may go without an answer, for those that the server limits to `statementTimeoutMs`; undefined: for
 * ever. The server ends a statement itself, if it is there: this is for one that has fallen silent while nobody listens. Twice
 * the limit, since statements that are sent together are worked on one after the other.
 */
function readTimeoutMs(statementTimeoutMs: number): number | undefined {
  return statementTimeoutMs === 0 ? undefined : statementTimeoutMs * 2 + 5000;
}

function dataSourceOptions(options: DatabaseOptions): DataSourceOptions {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  return {
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize ?? DEFAULT_POOL,
    applicationName: options.applicationName ?? 'wxfleet',
    connectTimeoutMS: options.connectTimeoutMs ?? 5000,
    logging: false,
    synchronize: false,
    extra: {
      Client: QuietClient,
      // Statements are sent without waiting for the answers to those before them (`Transaction`).
      pipeline: true,
      keepAlive: true,
      // A new connection costs its first users some ten milliseconds: the server begins with empty caches.
      idleTimeoutMillis: 300_000,
      statement_timeout: statementTimeoutMs,
      query_timeout: readTimeoutMs(statementTimeoutMs),
      idle_in_transaction_session_timeout: 60_000,
    },
  };
}

const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL', // no free port, or an address of ours that went with its network
  'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '25006', // read_only_sql_transaction: after a failover this is the one that does not take writes any more
  '25P03', // idle_in_transaction_session_timeout
  // Not 57014 (query_canceled): what ran out of time says as much against the statement as against the server, and asking the
  // same again later is not known to help.
]);

/** Whether the server, not the statement, is at fault: trying again later is the right answer. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (UNAVAILABLE.has(code) || code.startsWith('08'))) return true;
  // node-postgres has no code for these.
  return /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after|Client was closed|Query read timeout)/.test(
    error.message,
  );
}
