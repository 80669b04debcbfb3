import type pg from 'pg';
import type { ObjectLiteral, QueryRunner, Repository } from 'typeorm';
import { writeTogether } from './pg-internals.ts';
import { tableOf, type EntityClass, type Table } from './table.ts';

/**
 * A prepared statement: PostgreSQL plans it once for a connection. Planning a look-up by key takes several times as long as the
 * look-up. For frequent statements that always use the same index; not where the best plan depends on the values.
 */
export interface NamedStatement {
  /** Unique to this text: node-postgres refuses another text under the same name. */
  readonly name: string;
  readonly text: string;
}

/** What runs SQL: the database itself (each statement its own transaction) or an open transaction. */
export interface Sql {
  /** Rows of a statement; also of `INSERT/UPDATE/DELETE … RETURNING`. */
  query<Row = Record<string, unknown>>(text: string | NamedStatement, values?: readonly unknown[]): Promise<Row[]>;
  /** Number of rows a statement touched. */
  run(text: string | NamedStatement, values?: readonly unknown[]): Promise<number>;
  /** Plain reading and writing of one table, in this transaction and under its role. */
  repository<Entity extends ObjectLiteral>(entity: EntityClass<Entity>): Table<Entity>;
}

/** A repository each of whose calls is a transaction of its own. */
export function tableInTransactions<Entity extends ObjectLiteral>(
  entity: EntityClass<Entity>,
  transaction: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
): Table<Entity> {
  // A `Table` has every method that `tableOf` calls.
  return tableOf((call) => transaction((sql) => call(sql.repository(entity) as unknown as Repository<Entity>)));
}

/** How a transaction begins. */
export interface Beginning {
  isReadOnly?: boolean;
  /** Settings that end with the transaction, by name; `role` is one. */
  settings?: Readonly<Record<string, string>>;
  /** The answer to what was sent on the connection before; nothing counts if it fails. */
  prepared?: Promise<unknown>;
}

/**
 * An open transaction, pipelined: BEGIN is sent with the first statement, and statements of the same turn of the event loop are
 * sent together, in one round trip. The server works on them in order, and refuses the rest once one has failed.
 */
export class Transaction implements Sql {
  private readonly begun: Promise<unknown>;

  /** @param client the connection of `runner` */
  constructor(
    private readonly client: pg.ClientBase,
    private readonly runner: QueryRunner,
    { isReadOnly = false, settings = {}, prepared }: Beginning = {},
  ) {
    // BEGIN and the settings are statements of their own: if the settings are refused, the transaction has begun and failed, and
    // the server refuses everything that follows.
    const beginnings: Promise<unknown>[] = [this.send(isReadOnly ? 'BEGIN READ ONLY' : 'BEGIN')];
    if (prepared) beginnings.push(prepared);
    const names = Object.keys(settings);
    if (names.length > 0) {
      const calls = names.map((name, n) => `set_config('${name}', $${n + 1}, true)`).join(', ');
      beginnings.push(this.send({ name: `set ${names.join(' ')}`, text: `SELECT ${calls}` }, Object.values(settings)));
    }
    this.begun = Promise.all(beginnings);
    this.begun.catch(() => undefined); // reported by the statements that follow
    runner.data['begun'] = this.begun; // see WaitsForBeginning
  }

  async query<Row = Record<string, unknown>>(
    text: string | NamedStatement,
    values?: readonly unknown[],
  ): Promise<Row[]> {
    return (await this.ask(text, values)).rows as Row[];
  }

  async run(text: string | NamedStatement, values?: readonly unknown[]): Promise<number> {
    return (await this.ask(text, values)).rowCount ?? 0;
  }

  repository<Entity extends ObjectLiteral>(entity: EntityClass<Entity>): Table<Entity> {
    return tableOf((call) => call(this.runner.manager.getRepository<Entity>(entity)));
  }

  /** @throws when it was rolled back instead, because a statement had failed and its error was ignored */
  async commit(): Promise<void> {
    // Sent even if the beginning failed, and refused then: it ends the failed transaction on the server.
    const { command } = await this.ask('COMMIT');
    // PostgreSQL does not report that as an error; only the command of the answer is another one.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
  }

  async rollback(): Promise<void> {
    await this.send('ROLLBACK');
  }

  private async ask(text: string | NamedStatement, values?: readonly unknown[]): Promise<pg.QueryResult> {
    const answer = this.send(text, values);
    answer.catch(() => undefined); // if the beginning failed, that is the reason
    await this.begun;
    return answer;
  }

  private send(text: string | NamedStatement, values?: readonly unknown[]): Promise<pg.QueryResult> {
    return send(this.client, text, values);
  }
}

/** Not in the types of node-postgres: with it a text without values is not sent by the simple protocol either. */
interface ExtendedQuery extends pg.QueryConfig {
  queryMode: 'extended';
}

/**
 * Sends one statement. The extended protocol takes no text that holds two, so injected text can never end the transaction or the
 * role it runs in and go on with something else.
 */
export function send(
  client: pg.ClientBase,
  text: string | NamedStatement,
  values?: readonly unknown[],
): Promise<pg.QueryResult> {
  writeTogether(client);
  const statement = typeof text === 'string' ? { text } : text;
  const query: ExtendedQuery = { ...statement, values: [...(values ?? [])], queryMode: 'extended' };
  return client.query(query);
}
