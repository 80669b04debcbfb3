import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf, type AttemptHours, type DeliveryView, type WebhookEndpointView } from '#libs/contract';
import { AppError, DAY_MS, Database, HOUR_MS, Sealer, type Secret, type Sql } from '#libs/kernel';
import { EventsOptions } from '../events-options.ts';
import { HttpSender, type SendResult } from './http-sender.ts';
import { secretPlace } from './sealed-tables.ts';
import { newSigningSecret, signedHeaders, type SignatureKind } from './signing.ts';
import { TargetPolicy } from './target-policy.ts';
import { digestBody, isDigestAccepted, type DigestFormat } from './digests.ts';
import { bodyOf, messageIdOf } from './webhook-message.ts';
import { ATTEMPT_HOURS, COUNT_REPLAY, SEQ_RANGE } from './webhooks.sql.ts';
import {
  COUNT_ENDPOINTS,
  INSERT_ENDPOINT,
  INSERT_REPLAY,
  LIST_ATTEMPTS,
  LIST_DELIVERIES,
  LIST_ENDPOINTS,
  LOCK_SIGNATURE,
  RETRY_DELIVERY,
  ROTATE_SECRET,
  SELECT_DELIVERY,
  SELECT_ENDPOINT,
  SELECT_FEED_RANGE,
  SELECT_REPLAY,
  SELECT_TEST_TARGET,
  UPDATE_ENDPOINT,
} from './webhook-endpoints.sql.ts';

export interface NewEndpoint {
  url: string;
  description: string | null;
  eventTypes: readonly string[] | null;
  merchantIds: readonly string[] | null;
  ordering: WebhookEndpointView['ordering'];
  format: WebhookEndpointView['format'];
  signature: SignatureKind;
  maxPerSecond: number | null;
  /** `now`, or the id of the event after which it begins. */
  start: string;
  createdBy: string;
}

export type EndpointPatch = Partial<
  Pick<NewEndpoint, 'url' | 'description' | 'eventTypes' | 'merchantIds' | 'ordering' | 'maxPerSecond' | 'start'> & {
    state: 'enabled' | 'disabled';
  }
>;

export interface ReplayRequest {
  range: { from: Date; to: Date } | { after: number; until: number };
  types: readonly string[] | null;
  authorizerAppids: readonly string[] | null;
  only: 'failed' | 'undelivered' | 'all';
  isDryRun: boolean;
  createdBy: string;
}

interface EndpointRow {
  endpoint_id: string;
  url: string;
  description: string | null;
  event_types: string[] | null;
  merchant_ids: string[] | null;
  ordering: WebhookEndpointView['ordering'];
  format: WebhookEndpointView['format'];
  signature: SignatureKind;
  public_key: string | null;
  max_per_second: number | null;
  state: 'enabled' | 'disabled';
  disabled_at: Date | null;
  disabled_reason: WebhookEndpointView['disabled_reason'];
  failing_since: Date | null;
  failures: number;
  succeeded_at: Date | null;
  previous_until: Date | null;
  fanned_out_seq: number;
  waiting: number;
  created_at: Date;
  created_us: number;
}

interface DeliveryRow {
  delivery_id: number;
  component_appid: string;
  seq: number;
  type: string;
  authorizer_appid: string | null;
  trigger: DeliveryView['trigger'];
  state: DeliveryView['state'];
  attempts: number;
  next_attempt_at: Date;
  last_status: number | null;
  last_error: string | null;
  created_at: Date;
  finished_at: Date | null;
}

export type AttemptView = {
  status: number | null;
  error: 'refused_address' | 'timeout' | 'tls' | 'connection' | null;
  detail: string | null;
  duration_ms: number;
  address: string | null;
  response_excerpt: string | null;
};

/** A platform has a handful; this many are a mistake. */
const MAX_ENDPOINTS = 100;
/** Of hours that are asked for at once. */
const MAX_HOURS_MS = 31 * DAY_MS;

/**
 * Webhook endpoints as their owners see them. Everything but secrets runs in the transaction of the caller, so that row-level
 * security decides what is there; sealed secrets are read by the hub itself, after the caller has been shown to see the endpoint.
 */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly policy: TargetPolicy,
    private readonly sender: HttpSender,
    private readonly options: EventsOptions,
  ) {}

  /**
   * Judges the address of a receiver; before a transaction, since it asks the name server.
   * @throws AppError invalid_request
   */
  async assertTarget(url: string): Promise<void> {
    await this.policy.assertAllowed(url);
  }

  /** @returns the endpoint and its secret, which is stored sealed and not shown again */
  async create(
    sql: Sql,
    platformId: number,
    input: NewEndpoint,
  ): Promise<{ view: WebhookEndpointView; secret: string | null }> {
    const [count] = await sql.query<{ n: number }>(COUNT_ENDPOINTS, [platformId]);
    if ((count?.n ?? 0) >= MAX_ENDPOINTS)
      throw new AppError('conflict', `at most ${MAX_ENDPOINTS} endpoints of one platform`);
    const endpointId = `whe_${randomBytes(12).toString('hex')}`;
    const { secret, shown } = newSigningSecret(input.signature);
    await sql.run(INSERT_ENDPOINT, [
      platformId,
      endpointId,
      input.url,
      input.description,
      input.eventTypes,
      input.merchantIds,
      input.ordering,
      input.format,
      input.signature,
      input.maxPerSecond,
      this.sealer.seal(secret, secretPlace(platformId, endpointId)),
      input.signature === 'v1a' ? shown : null,
      await this.startOf(sql, platformId, input.start),
      input.createdBy,
    ]);
    const view = await this.get(sql, platformId, endpointId);
    if (!view) throw new Error('the endpoint that was just created is not visible');
    return { view, secret: input.signature === 'v1' ? shown : null };
  }

  async list(
    sql: Sql,
    platformId: number,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: WebhookEndpointView[]; next_cursor: string | null }> {
    const after = page.cursor === undefined ? null : decodeCursor('webhooks', page.cursor, ['number', 'string']);
    const rows = await sql.query<EndpointRow>(LIST_ENDPOINTS, [
      platformId,
      after?.[0] ?? null,
      after?.[1] ?? null,
      page.limit + 1,
    ]);
    return pageOf('webhooks', rows, page.limit, viewOf, (row) => [row.created_us, row.endpoint_id]);
  }

  async get(sql: Sql, platformId: number, endpointId: string): Promise<WebhookEndpointView | null> {
    const [row] = await sql.query<EndpointRow>(SELECT_ENDPOINT, [platformId, endpointId]);
    return row ? viewOf(row) : null;
  }

  /** Enabling clears what was counted against it; it goes on where it stopped unless `start` says otherwise. */
  async update(
    sql: Sql,
    platformId: number,
    endpointId: string,
    patch: EndpointPatch,
  ): Promise<WebhookEndpointView | null> {
    const start = patch.start === undefined ? null : await this.startOf(sql, platformId, patch.start);
    const has = (name: keyof EndpointPatch) => patch[name] !== undefined;
    const changed = await sql.run(UPDATE_ENDPOINT, [
      ...[platformId, endpointId],
      ...[has('url'), patch.url ?? null],
      ...[has('description'), patch.description ?? null],
      ...[has('eventTypes'), patch.eventTypes ?? null],
      ...[has('merchantIds'), patch.merchantIds ?? null],
      patch.ordering ?? null,
      ...[has('maxPerSecond'), patch.maxPerSecond ?? null],
      patch.state ?? null,
      start,
    ]);
    return changed === 0 ? null : this.get(sql, platformId, endpointId);
  }

  /** @returns false when there is no such endpoint */
  async remove(sql: Sql, platformId: number, endpointId: string): Promise<boolean> {
    const of = [platformId, endpointId];
    // What belongs to it first: who sees the endpoint sees that.
    for (const table of ['delivery_attempt', 'delivery', 'attempt_hour', 'replay', 'webhook_endpoint']) {
      const removed = await sql.run(`DELETE FROM events.${table} WHERE platform_id = $1 AND endpoint_id = $2`, of);
      if (table === 'webhook_endpoint') return removed > 0;
    }
    return false;
  }

  /** In a transaction of the hub itself: it moves a sealed secret. Call it for an endpoint that the caller sees. */
  async rotate(
    sql: Sql,
    platformId: number,
    endpointId: string,
    overlapSeconds: number,
  ): Promise<{ secret: string | null; publicKey: string | null; previousValidUntil: Date } | null> {
    const [row] = await sql.query<{ signature: SignatureKind }>(LOCK_SIGNATURE, [platformId, endpointId]);
    if (!row) return null;
    const { secret, shown } = newSigningSecret(row.signature);
    const publicKey = row.signature === 'v1a' ? shown : null;
    const [rotated] = await sql.query<{ previous_until: Date }>(ROTATE_SECRET, [
      platformId,
      endpointId,
      this.sealer.seal(secret, secretPlace(platformId, endpointId)),
      publicKey,
      overlapSeconds,
    ]);
    return {
      secret: row.signature === 'v1' ? shown : null,
      publicKey,
      previousValidUntil: (rotated as { previous_until: Date }).previous_until,
    };
  }

  /** Sends a test now and waits for the answer. Call it for an endpoint that the caller sees. */
  async test(platformId: number, componentAppid: string, endpointId: string) {
    const [row] = await this.db.query<{
      url: string;
      format: WebhookEndpointView['format'];
      sealed_secret: Buffer;
      previous: Buffer | null;
      now: Date;
    }>(SELECT_TEST_TARGET, [platformId, endpointId]);
    if (!row) return null;
    const place = secretPlace(platformId, endpointId);
    const secrets: Secret[] = [row.sealed_secret, row.previous]
      .filter((sealed) => sealed !== null)
      .map((sealed) => this.sealer.open(sealed, place));
    const event = {
      seq: 0,
      type: 'webhook.test' as const,
      authorizer_appid: null,
      merchant_id: null,
      occurred_at: row.now,
      data: {},
    };
    const isDigest = row.format !== 'standard';
    const body = isDigest
      ? digestBody(row.format as DigestFormat, componentAppid, event.type, [{ ...event, delivery_id: 0, attempts: 0 }])
      : bodyOf(componentAppid, event);
    const id = `${messageIdOf(componentAppid, 0)}_${randomBytes(6).toString('hex')}`;
    const result = await this.sender.post({
      url: row.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': this.options.userAgent,
        ...(isDigest ? {} : signedHeaders(secrets, id, Math.floor(row.now.getTime() / 1000), body)),
      },
      body,
      timeoutMs: this.options.testTimeoutMs,
      keepBytes: this.options.excerptBytes,
    });
    const delivered = isDigest
      ? isDigestAccepted(row.format as DigestFormat, result)
      : result.status !== null && result.status >= 200 && result.status < 300;
    return {
      ...attemptOf(result),
      delivered,
      certificate_expires_at: result.certificateExpiresAt?.toISOString() ?? null,
    };
  }

  async deliveries(
    sql: Sql,
    platformId: number,
    endpointId: string,
    page: {
      state?: string | undefined;
      authorizerAppid?: string | undefined;
      type?: string | undefined;
      limit: number;
      cursor?: string | undefined;
    },
  ): Promise<{ items: DeliveryView[]; next_cursor: string | null }> {
    const before = page.cursor === undefined ? null : decodeCursor('deliveries', page.cursor, ['number'])[0];
    const rows = await sql.query<DeliveryRow>(LIST_DELIVERIES, [
      platformId,
      endpointId,
      before,
      page.state ?? null,
      page.authorizerAppid ?? null,
      page.type ?? null,
      page.limit + 1,
    ]);
    return pageOf('deliveries', rows, page.limit, deliveryOf, (row) => [row.delivery_id]);
  }

  async delivery(sql: Sql, platformId: number, endpointId: string, deliveryId: number) {
    const [row] = await sql.query<DeliveryRow>(SELECT_DELIVERY, [platformId, endpointId, deliveryId]);
    if (!row) return null;
    const attempts = await sql.query<AttemptView & { no: number; at: Date }>(LIST_ATTEMPTS, [platformId, deliveryId]);
    return {
      ...deliveryOf(row),
      attempt_log: attempts.map(({ at, ...attempt }) => ({ ...attempt, at: at.toISOString() })),
    };
  }

  /**
   * Attempts by hour. `from` counts from the beginning of its hour on.
   * @throws AppError invalid_request when the time is longer than a month, or none
   */
  async attemptHours(
    sql: Sql,
    platformId: number,
    endpointId: string,
    { from: begin, to: end }: { from?: Date | undefined; to?: Date | undefined },
  ): Promise<AttemptHours> {
    const to = end ?? new Date();
    const asked = begin?.getTime() ?? to.getTime() - DAY_MS + HOUR_MS;
    if (asked >= to.getTime()) throw AppError.invalid('from', 'must be before `to`');
    if (to.getTime() - asked > MAX_HOURS_MS) throw AppError.invalid('from', 'must be at most 31 days before `to`');
    const from = new Date(Math.floor(asked / HOUR_MS) * HOUR_MS);
    const rows = await sql.query<{ hour: Date; delivered: number; failed: number }>(ATTEMPT_HOURS, [
      platformId,
      endpointId,
      from,
      to,
    ]);
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      delivered: rows.reduce((sum, row) => sum + row.delivered, 0),
      failed: rows.reduce((sum, row) => sum + row.failed, 0),
      items: rows.map(({ hour, ...counts }) => ({ hour: hour.toISOString(), ...counts })),
    };
  }

  /** @throws AppError conflict for what has been delivered */
  async retry(sql: Sql, platformId: number, endpointId: string, deliveryId: number): Promise<DeliveryView | null> {
    const present = await this.delivery(sql, platformId, endpointId, deliveryId);
    if (!present) return null;
    if (present.state === 'delivered')
      throw new AppError('conflict', 'it has been delivered; start a replay to send it again');
    // The attempts go on counting: each has a number of its own.
    await sql.run(RETRY_DELIVERY, [platformId, deliveryId]);
    const { attempt_log: _, ...view } = (await this.delivery(sql, platformId, endpointId, deliveryId)) ?? present;
    return view;
  }

  /**
   * Sends events of a range again, all that match; a drain works it off. A dry run only counts.
   * @throws AppError cursor_expired when events of the range have been removed
   */
  async replay(
    sql: Sql,
    platformId: number,
    endpointId: string,
    request: ReplayRequest,
  ): Promise<{ id: number | null; matched: number }> {
    const { after, until } = await this.rangeOf(sql, platformId, request.range);
    const { types, authorizerAppids, only } = request;
    const [row] = await sql.query<{ matched: number }>(COUNT_REPLAY, [
      platformId,
      endpointId,
      after,
      until,
      types,
      authorizerAppids,
      only,
    ]);
    const matched = row?.matched ?? 0;
    if (request.isDryRun) return { id: null, matched };
    const [made] = await sql.query<{ id: number }>(INSERT_REPLAY, [
      platformId,
      endpointId,
      after,
      until,
      types,
      authorizerAppids,
      only,
      matched,
      request.createdBy,
    ]);
    return { id: (made as { id: number }).id, matched };
  }

  async replayView(sql: Sql, platformId: number, endpointId: string, replayId: number) {
    const [row] = await sql.query<{
      state: 'running' | 'done';
      matched: number;
      queued: number;
      delivered: number;
      failed: number;
      created_at: Date;
      finished_at: Date | null;
    }>(SELECT_REPLAY, [platformId, endpointId, replayId]);
    if (!row) return null;
    return {
      id: String(replayId),
      state: row.state,
      matched: row.matched,
      queued: row.queued,
      delivered: row.delivered,
      failed: row.failed,
      started_at: row.created_at.toISOString(),
      finished_at: row.finished_at?.toISOString() ?? null,
    };
  }

  private async rangeOf(
    sql: Sql,
    platformId: number,
    range: ReplayRequest['range'],
  ): Promise<{ after: number; until: number }> {
    const [head] = await sql.query<{ head: number; floor: number }>(SELECT_FEED_RANGE, [platformId]);
    const { head: newest, floor } = head ?? { head: 0, floor: 0 };
    if ('after' in range) {
      if (range.after < floor)
        throw new AppError('cursor_expired', `events up to ${floor} have been removed`, {
          details: { oldest_event_id: String(floor + 1) },
        });
      return { after: Math.min(range.after, newest), until: Math.min(range.until, newest) };
    }
    // By the hub's own rows: a caller limited to merchants does not see the numbers between.
    const [found] = await this.db.query<{ after: number; until: number }>(SEQ_RANGE, [
      platformId,
      range.from,
      range.to,
    ]);
    return found ?? { after: 0, until: 0 };
  }

  private async startOf(sql: Sql, platformId: number, start: string): Promise<number> {
    const [row] = await sql.query<{ head: number; floor: number }>(SELECT_FEED_RANGE, [platformId]);
    const { head, floor } = row ?? { head: 0, floor: 0 };
    if (start === 'now') return head;
    const after = Number(start);
    if (after > head) throw AppError.invalid('start', `must not be after the newest event, which is ${head}`);
    if (after < floor)
      throw AppError.invalid('start', `must not be before the oldest event that is kept, which is ${floor + 1}`);
    return after;
  }
}

export function attemptOf(result: SendResult): AttemptView {
  return {
    status: result.status,
    error: result.error === 'aborted' ? 'connection' : result.error,
    detail: result.detail,
    duration_ms: result.durationMs,
    address: result.address,
    response_excerpt: result.body.length === 0 ? null : result.body.toString('utf8'),
  };
}

function viewOf(row: EndpointRow): WebhookEndpointView {
  return {
    id: row.endpoint_id,
    url: row.url,
    description: row.description,
    event_types: row.event_types,
    merchant_ids: row.merchant_ids,
    ordering: row.ordering,
    format: row.format,
    signature: row.signature,
    public_key: row.public_key,
    max_per_second: row.max_per_second,
    state: row.state,
    disabled_at: row.disabled_at?.toISOString() ?? null,
    disabled_reason: row.disabled_reason,
    failing_since: row.failing_since?.toISOString() ?? null,
    failures: row.failures,
    succeeded_at: row.succeeded_at?.toISOString() ?? null,
    previous_valid_until: row.previous_until?.toISOString() ?? null,
    last_event_id: String(row.fanned_out_seq),
    waiting: row.waiting,
    created_at: row.created_at.toISOString(),
  };
}

function deliveryOf(row: DeliveryRow): DeliveryView {
  return {
    id: String(row.delivery_id),
    event_id: String(row.seq),
    message_id: messageIdOf(row.component_appid, row.seq),
    type: row.type,
    authorizer_appid: row.authorizer_appid,
    trigger: row.trigger,
    state: row.state,
    attempts: row.attempts,
    next_attempt_at: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
    last_status: row.last_status,
    last_error: row.last_error,
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
