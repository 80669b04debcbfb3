import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AuditTrail, tenantOf } from '#libs/access';
import { AuthorizerDirectory, type AuthorizerRow } from '#libs/authorizers';
import { Database, ReadReplica, tableInTransactions, type Sql } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { JsonList } from '../http/encoding/json-list.ts';
import type { PlatformCaller } from '../http/endpoint.ts';
import { CallerScope } from './caller-scope.ts';

/** Rows read per transaction, so that a large page shares the database with other tenants. */
const PORTION = 50;
/** The same for small rows. Either costs about 5 ms of hub and database. */
export const SMALL_ROWS = 250;

/** One part of a page. */
export interface Portion {
  limit: number;
  cursor?: string;
}

type ReadPortion<Item> = (sql: Sql, portion: Portion) => Promise<{ items: Item[]; next_cursor: string | null }>;

/** How the statements of one answer reach the database: each call is one read-only transaction. */
export type Reading = <T>(work: (sql: Sql) => Promise<T>, turn?: { continues: boolean }) => Promise<T>;

/** The same on the platform of the request, with lists and look-ups of its accounts. */
@Injectable()
export class PlatformScope extends CallerScope {
  constructor(
    db: Database,
    audit: AuditTrail,
    private readonly directory: AuthorizerDirectory,
    private readonly replica: ReadReplica,
  ) {
    super(db, audit);
  }

  /**
   * For questions about the fleet, which may be answered as of a moment ago: by the replica, where there is one. The header
   * `X-Data-As-Of` then says how old the oldest part of the answer may be.
   */
  fleet(by: PlatformCaller, reply: FastifyReply): Reading {
    const tenant = tenantOf(by.principal, by.platform.platformId);
    let oldest: Date | null = null;
    return async (work, turn) => {
      const { value, asOf } = await this.replica.read(tenant, work, { ...turn, gone: by.aborted });
      // The parts of a table that follow its header come from the same replica or from the primary.
      if (asOf && (oldest === null || asOf < oldest) && !reply.raw.headersSent) {
        oldest = asOf;
        void reply.header('X-Data-As-Of', asOf.toISOString());
      }
      return value;
    };
  }

  /** A transaction per statement, for work that calls WeChat in between: no transaction may be open meanwhile. */
  perStatement(by: PlatformCaller, mode: 'read' | 'write' = 'write'): Sql {
    const run = <T>(work: (sql: Sql) => Promise<T>) => (mode === 'read' ? this.read(by, work) : this.write(by, work));
    return {
      query: <Row>(text: string, values?: readonly unknown[]) => run((sql) => sql.query<Row>(text, values)),
      run: (text, values) => run((sql) => sql.run(text, values)),
      repository: (entity) => tableInTransactions(entity, run),
    };
  }

  /** A page as the answer to a request. */
  async list<Item>(
    by: PlatformCaller,
    page: { limit: number; cursor?: string | undefined },
    read: ReadPortion<Item>,
    reading: Reading = this.reading(by),
  ): Promise<JsonList> {
    const list = new JsonList();
    for await (const portion of this.portions(by, page, read, reading)) {
      list.add(portion.items);
      list.nextCursor = portion.next_cursor;
    }
    return list;
  }

  /** All rows from a cursor on, for a table of any length. */
  async *table<Item>(
    by: PlatformCaller,
    cursor: string | undefined,
    read: ReadPortion<Item>,
    reading: Reading,
    rows?: number,
  ): AsyncGenerator<Item[], void> {
    const all = { limit: Number.POSITIVE_INFINITY, cursor };
    for await (const { items } of this.portions(by, all, read, reading, rows)) if (items.length > 0) yield items;
  }

  /** @throws AppError not_found when it does not exist or is outside the merchants of the key */
  async authorizer(sql: Sql, by: PlatformCaller, authorizerAppid: string): Promise<AuthorizerRow> {
    const row = await this.directory.get(sql, by.platform.platformId, authorizerAppid, by.principal.merchantIds);
    if (!row) throw notFound('authorizer');
    return row;
  }

  /** The same from memory. @throws AppError not_found */
  async authorizerRef(by: PlatformCaller, authorizerAppid: string) {
    const ref = await this.directory.ref(by.platform, authorizerAppid, by.principal.merchantIds);
    if (!ref) throw notFound('authorizer');
    return ref;
  }

  private reading(by: PlatformCaller): Reading {
    return (work, turn) => this.read(by, work, turn);
  }

  /** A list in portions, each in a transaction of its own. Ends early when the client has disconnected. */
  private async *portions<Item>(
    by: PlatformCaller,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
    read: ReadPortion<Item>,
    reading: Reading,
    rows = PORTION,
  ): AsyncGenerator<{ items: Item[]; next_cursor: string | null }, void> {
    let count = 0;
    let next = cursor ?? null;
    let continues = false;
    do {
      const portion = { limit: Math.min(rows, limit - count), ...(next === null ? {} : { cursor: next }) };
      const found = await reading((sql) => read(sql, portion), { continues });
      yield found;
      count += found.items.length;
      next = found.next_cursor;
      continues = true;
    } while (next !== null && count < limit && !by.aborted());
  }
}
