import { tenantOf, type AuditEvent } from '#libs/access';
import type { AuthorizerRow } from '#libs/authorizers';
import { AppError, tableInTransactions, type Sql } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import type { Caller, PlatformCaller } from '../http/endpoint.ts';
import { JsonList } from '../http/encoding/json-list.ts';
import type { HubServices } from '../services.ts';

type OnPlatform = <T>(
  hub: HubServices,
  by: PlatformCaller,
  work: (sql: Sql) => Promise<T>,
  turn?: { continues: boolean },
) => Promise<T>;

/** One transaction that sees what the caller may see of the platform. */
export const onPlatform: OnPlatform = (hub, by, work) =>
  hub.db.forTenant(tenantOf(by.principal, by.platform.platformId), work);

/** The same for what only reads: it is not begun for who has hung up while it waited. */
export const readOnPlatform: OnPlatform = (hub, by, work, turn) =>
  hub.db.readForTenant(tenantOf(by.principal, by.platform.platformId), work, { ...turn, gone: by.aborted });

/** A transaction for each statement, for what asks WeChat between two of them: none may be open meanwhile. */
export function eachOnPlatform(hub: HubServices, by: PlatformCaller, on: OnPlatform = onPlatform): Sql {
  return {
    query: <Row>(text: string, values?: readonly unknown[]) => on(hub, by, (sql) => sql.query<Row>(text, values)),
    run: (text, values) => on(hub, by, (sql) => sql.run(text, values)),
    repository: (entity) => tableInTransactions(entity, (work) => on(hub, by, work)),
  };
}

/** Rows that are read in one go. Each portion of a large page takes its turn, so that a neighbour never waits for all of it. */
const PORTION = 50;
/** The same where a row is small. Either is some 5 ms of the hub and the database. */
export const SMALL_ROWS = 250;

/** Where to go on, and how far. */
export interface Portion {
  limit: number;
  cursor?: string;
}

type ReadPortion<Item> = (sql: Sql, portion: Portion) => Promise<{ items: Item[]; next_cursor: string | null }>;

/**
 * A list in portions, each read in a transaction of its own. Ends early when the caller has gone: with a tenant's share used
 * up, the rest would take seconds of it for nobody.
 */
async function* portionsOnPlatform<Item>(
  hub: HubServices,
  by: PlatformCaller,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  read: ReadPortion<Item>,
  rows = PORTION,
): AsyncGenerator<{ items: Item[]; next_cursor: string | null }, void> {
  let count = 0;
  let next = cursor ?? null;
  let continues = false;
  do {
    const portion = { limit: Math.min(rows, limit - count), ...(next === null ? {} : { cursor: next }) };
    const found = await readOnPlatform(hub, by, (sql) => read(sql, portion), { continues });
    yield found;
    count += found.items.length;
    next = found.next_cursor;
    continues = true;
  } while (next !== null && count < limit && !by.aborted());
}

/** A page as the answer to a request. */
export async function listOnPlatform<Item>(
  hub: HubServices,
  by: PlatformCaller,
  page: { limit: number; cursor?: string | undefined },
  read: ReadPortion<Item>,
): Promise<JsonList> {
  const list = new JsonList();
  for await (const portion of portionsOnPlatform(hub, by, page, read)) {
    list.add(portion.items);
    list.nextCursor = portion.next_cursor;
  }
  return list;
}

/** Everything from a cursor on, for a table of any length. */
export async function* tableOnPlatform<Item>(
  hub: HubServices,
  by: PlatformCaller,
  cursor: string | undefined,
  read: ReadPortion<Item>,
  rows?: number,
): AsyncGenerator<Item[], void> {
  const all = { limit: Number.POSITIVE_INFINITY, cursor };
  for await (const { items } of portionsOnPlatform(hub, by, all, read, rows)) if (items.length > 0) yield items;
}

/** The account, if it is there and within the merchants of the key. @throws AppError not_found */
export async function authorizerFor(
  hub: HubServices,
  sql: Sql,
  by: PlatformCaller,
  authorizerAppid: string,
): Promise<AuthorizerRow> {
  const row = await hub.directory.get(sql, by.platform.platformId, authorizerAppid, by.principal.merchantIds);
  if (!row) throw notFound('authorizer');
  return row;
}

/** The same from memory, for what must be fast or touches no table. @throws AppError not_found */
export async function authorizerRefFor(hub: HubServices, by: PlatformCaller, authorizerAppid: string) {
  const ref = await hub.directory.ref(by.platform, authorizerAppid, by.principal.merchantIds);
  if (!ref) throw notFound('authorizer');
  return ref;
}

/** An audit event of this caller. `merchantId`: on whose behalf, where it is one merchant. */
export function eventOf(
  by: Caller,
  action: string,
  subject: string,
  detail?: Record<string, unknown>,
  merchantId: string | null = null,
): AuditEvent {
  return {
    platformId: by.platform?.platformId ?? by.principal.platformId,
    merchantId,
    actor: by.principal.actor,
    address: by.address,
    action,
    subject,
    ...(detail ? { detail } : {}),
  };
}

/**
 * For what cannot be in one transaction with its event, above all what asks WeChat: recorded before, because it may have happened
 * even if no answer comes or this process ends, and again with what came of it.
 */
export async function recordAround<T>(
  record: (event: AuditEvent) => Promise<void>,
  events: { asked: AuditEvent; done: (result: T) => AuditEvent; failed: AuditEvent },
  work: () => Promise<T>,
): Promise<T> {
  await record(events.asked);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const outcome = error instanceof AppError ? error.code : 'internal';
    // That it was asked for is on record; what went wrong is what the caller has to hear.
    await record({ ...events.failed, outcome }).catch(() => undefined);
    throw error;
  }
  await record(events.done(result));
  return result;
}

/** For what concerns all merchants at once. @throws AppError forbidden for a key that is limited to some */
export function assertWholePlatform(by: Caller): void {
  if (by.principal.merchantIds !== null) {
    throw new AppError('forbidden', 'an API key that is limited to merchants may not do this');
  }
}
