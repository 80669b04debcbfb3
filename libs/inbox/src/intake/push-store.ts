import { Injectable } from '@nestjs/common';
import { ComponentTickets } from '#libs/custody';
import { JobQueue } from '#libs/jobs';
import { Database, Secret, type Sql, isDatabaseUnavailable } from '#libs/kernel';
import { InboxOptions } from '../inbox-options.ts';
import { drainRequest } from '../jobs.ts';
import { EventWriter, type NewEvent } from '#libs/events';
import type { PushToStore } from './push-to-store.ts';
import { EarlyWithdrawals } from './early-withdrawals.ts';

export type PushVerdict =
  /** `aheadSeconds`: signed timestamp minus the database's clock. */
  | { verdict: 'accepted' | 'duplicate'; now: Date; aheadSeconds: number }
  /** This one could not be stored although others could. */
  | { verdict: 'refused'; error: unknown };

/**
 * Writes a batch of pushes in one transaction: the rows, the newest ticket of each platform, and the jobs. A
 * verdict other than `refused` means that the transaction has committed, so that WeChat may be answered.
 */
@Injectable()
export class PushStore {
  constructor(
    private readonly db: Database,
    private readonly tickets: ComponentTickets,
    private readonly withdrawals: EarlyWithdrawals,
    private readonly events: EventWriter,
    private readonly jobs: JobQueue,
    private readonly options: InboxOptions,
  ) {}

  async write(pushes: readonly PushToStore[]): Promise<PushVerdict[]> {
    try {
      return await this.db.urgentTransaction((sql) => this.writeAll(sql, pushes));
    } catch (error) {
      if (pushes.length === 1 || isDatabaseUnavailable(error)) throw error;
      // One of them cannot be stored; the others must not suffer for it.
      const verdicts: PushVerdict[] = [];
      for (const push of pushes) {
        const alone = this.db.urgentTransaction((sql) => this.writeAll(sql, [push]));
        verdicts.push(await alone.then(([verdict]) => verdict as PushVerdict, refused));
      }
      return verdicts;
    }
  }

  private async writeAll(sql: Sql, pushes: readonly PushToStore[]): Promise<PushVerdict[]> {
    const rows = await sql.query<{ i: number; ahead: number; id: number | null; now: Date }>(INSERT, [
      pushes.map((_, index) => index),
      pushes.map((push) => push.platformId),
      pushes.map((push) => push.digest),
      pushes.map((push) => push.infoType),
      pushes.map((push) => push.authorizerAppid),
      pushes.map((push) => push.signedAt),
      pushes.map((push) => push.createdAt ?? push.signedAt),
      pushes.map((push) => push.sealedBody),
      pushes.map((push) => push.state),
      pushes.map((push) => push.store),
      this.options.window.futureSeconds,
    ]);
    const verdicts: PushVerdict[] = [];
    const accepted: PushToStore[] = [];
    const ids = new Map<PushToStore, number>();
    /** One moment for all: it is one statement's. */
    let now = new Date(0);
    const taken = new Set<string>();
    for (const { i, ahead, id, now: at } of rows) {
      now = at;
      const push = pushes[i] as PushToStore;
      const key = `${push.platformId}:${push.digest.toString('hex')}`;
      // Two equal pushes in one batch share a row; the first of them counts.
      const isNew = push.store ? id !== null && !taken.has(key) : true;
      taken.add(key);
      verdicts[i] = { verdict: isNew ? 'accepted' : 'duplicate', now, aheadSeconds: ahead };
      if (isNew && push.store) accepted.push(push);
      if (id !== null) ids.set(push, id);
    }
    await this.keepTickets(sql, accepted, now.getTime() / 1000 + this.options.window.futureSeconds);
    const waiting = accepted.filter((push) => push.state === 'pending');
    await this.withdrawals.apply(sql, waiting);
    await this.events.write(sql, pushEvents(accepted, ids));
    await this.jobs.addMany(
      sql,
      waiting.map(({ platformId, authorizerAppid, traceparent }) => ({
        ...drainRequest(platformId, authorizerAppid),
        traceparent,
      })),
    );
    return verdicts;
  }

  /** @param latest Unix seconds: a CreateTime beyond it is cut to it, as that of the rows */
  private async keepTickets(sql: Sql, accepted: readonly PushToStore[], latest: number): Promise<void> {
    const newest = new Map<number, { ticket: Secret; createdAt: number }>();
    for (const { platformId, ticket, createdAt, signedAt } of accepted) {
      if (!ticket) continue;
      const at = Math.min(createdAt ?? signedAt, latest);
      if (at >= (newest.get(platformId)?.createdAt ?? 0)) newest.set(platformId, { ticket, createdAt: at });
    }
    // Always in the same order, so that two batches wait for each other instead of deadlocking.
    for (const [platformId, { ticket, createdAt }] of [...newest].sort(([a], [b]) => a - b)) {
      await this.tickets.receive(sql, platformId, ticket, new Date(createdAt * 1000));
    }
  }
}

type AuditType = 'audit.passed' | 'audit.refused' | 'audit.delayed';

/** A map: an InfoType may be any text, also `toString`. */
const AUDIT_EVENTS: ReadonlyMap<string, AuditType> = new Map([
  ['weapp_audit_success', 'audit.passed'],
  ['weapp_audit_fail', 'audit.refused'],
  ['weapp_audit_delay', 'audit.delayed'],
]);

/** Pushes that nothing here handles are told, so that somebody else can. */
function pushEvents(accepted: readonly PushToStore[], ids: ReadonlyMap<PushToStore, number>): NewEvent[] {
  const events: NewEvent[] = [];
  for (const push of accepted) {
    if (push.state !== 'unhandled') continue;
    const { platformId, infoType, createdAt, signedAt } = push;
    const authorizerAppid = push.authorizerAppid === '' ? null : push.authorizerAppid;
    const about = { platformId, authorizerAppid, occurredAt: new Date((createdAt ?? signedAt) * 1000) };
    const auditType = AUDIT_EVENTS.get(infoType);
    // WeChat's push names no version.
    if (auditType) events.push({ ...about, type: auditType, data: { version: null, release_time: null } });
    const data = { info_type: infoType, push_id: String(ids.get(push) ?? '') };
    events.push({ ...about, type: 'push.received', data });
  }
  return events;
}

function refused(error: unknown): PushVerdict {
  return { verdict: 'refused', error };
}

/**
 * The signature is the proof, so that no clock decides whether a push is taken; a repeated one meets its row, and what it
 * says is judged by its CreateTime. A CreateTime ahead of the database's clock is cut, so that one wrong clock cannot outrank
 * every later event.
 * Rows go in by digest: two processes that got the same pushes wait for each other instead of deadlocking.
 */
const INSERT = `
  WITH given AS (
    SELECT g.*
    FROM unnest($1::int[], $2::int[], $3::bytea[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::bytea[], $9::text[], $10::bool[])
      AS g(i, platform_id, digest, info_type, authorizer_appid, signed_at, created_at, sealed_body, state, store)
  ), inserted AS (
    INSERT INTO inbox.push (platform_id, digest, info_type, authorizer_appid, wechat_created_at, sealed_body, state, handled_at)
    SELECT platform_id, digest, info_type, authorizer_appid,
           least(to_timestamp(created_at), wxfleet.now() + make_interval(secs => $11)),
           sealed_body, state, CASE WHEN state = 'handled' THEN wxfleet.now() END
    FROM given WHERE store
    ORDER BY platform_id, digest
    ON CONFLICT (platform_id, digest) DO NOTHING
    RETURNING platform_id, digest, push_id
  )
  SELECT given.i, (given.signed_at - extract(epoch FROM wxfleet.now()))::float8 AS ahead,
         inserted.push_id AS id, wxfleet.now() AS now
  FROM given LEFT JOIN inserted USING (platform_id, digest)
  ORDER BY given.i`;
