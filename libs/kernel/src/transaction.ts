import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * A statement that PostgreSQL may plan once for a connection instead of each time it runs, which for a look-up by key takes
 * several times as long as the look-up. For what is run all day, for few rows and always by the same index. Not for questions
 * whose best plan depends on their values.
 */
export interface PlannedOnce {
  /** Of this text alone; node-postgres refuses another text under it. */
  readonly name: string;
  readonly text: string;
}

/** What runs SQL: the database itself (each statement its own transaction) or an open transaction. */
export interface Sql {
  /** Rows of a statement; also of `INSERT/UPDATE/DELETE … RETURNING`. */
  query<Row = Record<string, unknown>>(text: string | PlannedOnce, values?: readonly unknown[]): Promise<Row[]>;
  /** Number of rows a statement touched. */
  run(text: string | PlannedOnce, values?: readonly unknown[]): Promise<number>;
}

/** How a transaction begins. */
export interface Beginning {
  isReadOnly?: boolean;
  /** Settings that end with the transaction, by name; `role` is one. */
  settings?: Readonly<Record<string, string>>;
  /** What was sent on the connection before, without waiting for its answer, and must have gone well. */
  prepared?: Promise<unknown>;
}

/**
 * An open transaction. Its beginning does not wait for an answer but leaves with the first statement, and statements that are
 * asked for in the same turn leave together: one round trip instead of one for each. The server works on them in order, and
 * once one has failed it refuses the rest.
 */
export class Transaction implements Sql {
  private readonly begun: Promise<unknown>;

  constructor(
    private readonly client: pg.PoolClient,
    { isReadOnly = false, settings = {}, prepared }: Beginning = {},
  ) {
    // In statements of their own: should the settings be refused, a transaction has begun all the same, and nothing that
    // follows can happen without them.
    const beginnings: Promise<unknown>[] = [this.send(isReadOnly ? 'BEGIN READ ONLY' : 'BEGIN')];
    if (prepared) beginnings.push(prepared);
    const names = Object.keys(settings);
    if (names.length > 0) {
      const calls = names.map((name, n) => `set_config('${name}', $${n + 1}, true)`).join(', ');
      beginnings.push(this.send({ name: `set ${names.join(' ')}`, text: `SELECT ${calls}` }, Object.values(settings)));
    }
    this.begun = Promise.all(beginnings);
    this.begun.catch(() => undefined); // whoever asks something hears of it
  }

  async query<Row = Record<string, unknown>>(text: string | PlannedOnce, values?: readonly unknown[]): Promise<Row[]> {
    return (await this.ask(text, values)).rows as Row[];
  }

  async run(text: string | PlannedOnce, values?: readonly unknown[]): Promise<number> {
    return (await this.ask(text, values)).rowCount ?? 0;
  }

  /** @throws when it was rolled back instead, because a statement in it had failed and whoever sent it went on all the same */
  async commit(): Promise<void> {
    const { command } = await this.ask('COMMIT');
    // PostgreSQL takes that for no error, and says so in a word.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement in it had failed');
  }

  async rollback(): Promise<void> {
    await this.send('ROLLBACK');
  }

  private async ask(text: string | PlannedOnce, values?: readonly unknown[]): Promise<pg.QueryResult> {
    const answer = this.send(text, values);
    answer.catch(() => undefined); // if the beginning failed, that is the reason
    await this.begun;
    return answer;
  }

  private send(text: string | PlannedOnce, values?: readonly unknown[]): Promise<pg.QueryResult> {
    return send(this.client, text, values);
  }
}

/** Not in the types of node-postgres: with it a text without values is not sent by the simple protocol either. */
interface ExtendedQuery extends pg.QueryConfig {
  queryMode: 'extended';
}

/**
 * One statement, and never more: the extended protocol takes no text that holds two, so that nothing that gets into a text can
 * end the transaction or the role it runs in and go on with something else.
 */
export function send(
  client: pg.PoolClient,
  text: string | PlannedOnce,
  values?: readonly unknown[],
): Promise<pg.QueryResult> {
  gather(client);
  const statement = typeof text === 'string' ? { text } : text;
  const query: ExtendedQuery = { ...statement, values: [...(values ?? [])], queryMode: 'extended' };
  return client.query(query);
}

/** What is sent in this turn of the event loop leaves in one write; by itself node-postgres makes one for each statement. */
function gather(client: pg.PoolClient): void {
  const stream = socketOf(client);
  if (stream === undefined || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Bytes that have come from the server on this connection so far. */
export function bytesRead(client: pg.PoolClient): number {
  return socketOf(client)?.bytesRead ?? 0;
}

/** node-postgres has no word for its socket in its types. */
function socketOf(client: pg.PoolClient): Socket | undefined {
  return (client as unknown as { connection?: { stream?: Socket } }).connection?.stream;
}
