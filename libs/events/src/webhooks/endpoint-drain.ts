import { DAY_SECONDS, type Database, type Log, type Sealer, type Secret, type Sql } from '#libs/kernel';
import { Batcher } from '#libs/kernel';
import type { EventWriter } from '../feed/event-writer.ts';
import type { EventsOptions } from '../events-options.ts';
import { digestBody, isDigestAccepted, type DigestFormat } from './digests.ts';
import type { HttpSender, SendResult } from './http-sender.ts';
import { retryDelaySeconds } from './retry-schedule.ts';
import { secretPlace } from './sealed-tables.ts';
import { signedHeaders } from './signing.ts';
import { bodyOf, messageIdOf, type DueDelivery } from './webhook-message.ts';
import {
  DISABLE_ENDPOINT,
  DUE_DELIVERIES,
  FAN_OUT,
  FAN_OUT_REPLAY,
  GIVE_UP_LOST,
  HOLD_ENDPOINT,
  NOTE_DIGEST,
  NOTE_HEALTH,
  RELEASE_ENDPOINT,
  WRITE_RESULTS,
} from './webhooks.sql.ts';

export interface ClaimedEndpoint {
  platform_id: number;
  endpoint_id: string;
  lease_generation: number;
  component_appid: string;
}

interface HeldEndpoint {
  url: string;
  ordering: 'per_authorizer' | 'none';
  format: 'standard' | DigestFormat;
  max_per_second: number | null;
  sealed_secret: Buffer;
  sealed_previous_secret: Buffer | null;
  failures: number;
  /** By type, ISO moments. */
  robot_sent: Record<string, string>;
}

interface AttemptRow {
  delivery_id: number;
  no: number;
  at: string;
  duration_ms: number;
  status: number | null;
  error: string | null;
  detail: string | null;
  response_excerpt: string | null;
  address: string | null;
  state: 'pending' | 'delivered' | 'failed';
  delay_seconds: number | null;
}

export type Outcome = 'delivered' | 'failed' | 'refused_address';

/** A failing endpoint is disabled after this time without a success … */
const FAILING_SECONDS = 5 * DAY_SECONDS;
/** … and this many failures. They span the time above, so also the 12 hours that are asked for at least. */
const FAILING_ATTEMPTS = 10;
const DIGEST_SECONDS = 60;

/** Works off one endpoint while this process holds it. */
export class EndpointDrain {
  private readonly inFlight = new Map<number, Promise<void>>();
  private readonly results: Batcher<{ row: AttemptRow; succeeded: boolean }, void>;
  private held!: HeldEndpoint;
  private secrets: Secret[] = [];
  /** Ends the drain: the lease is lost, the endpoint disabled, or the process stops. */
  private isOver = false;
  private nextSendMs = 0;
  private failuresInARow = 0;
  /** Deliveries that came to an end: one that does so while the database is asked what is due may have made another one due. */
  private settled = 0;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly sender: HttpSender,
    private readonly writer: EventWriter,
    private readonly options: EventsOptions,
    private readonly log: Log,
    private readonly observe: (outcome: Outcome, seconds: number) => void,
    private readonly claimed: ClaimedEndpoint,
  ) {
    this.results = new Batcher({ maxSize: 200, write: (items) => this.writeResults(items) });
  }

  async run(signal: AbortSignal): Promise<void> {
    let renewAtMs = 0;
    try {
      while (!this.isOver && !signal.aborted) {
        if (performance.now() >= renewAtMs) {
          if (!(await this.hold())) return;
          renewAtMs = performance.now() + (this.options.leaseSeconds * 1000) / 3;
        }
        const { settled } = this;
        const isMore = await this.fanOut();
        const sent = await this.sendDue(signal);
        if (sent > 0 || isMore || this.settled !== settled) continue;
        if (this.inFlight.size === 0) return;
        // Something comes free, or the lease wants to be renewed.
        await Promise.race([...this.inFlight.values(), sleep(500)]);
      }
    } finally {
      await Promise.allSettled(this.inFlight.values());
      await this.results.drained();
      await this.db.run(RELEASE_ENDPOINT, this.key()).catch(() => undefined); // the lease ends by itself
    }
  }

  private key(): [number, string, number] {
    const { platform_id: platformId, endpoint_id: endpointId, lease_generation: generation } = this.claimed;
    return [platformId, endpointId, generation];
  }

  private async hold(): Promise<boolean> {
    const [held] = await this.db.query<HeldEndpoint>(HOLD_ENDPOINT, [...this.key(), this.options.leaseSeconds]);
    if (!held) return false;
    this.held = held;
    this.failuresInARow = held.failures;
    const place = secretPlace(this.claimed.platform_id, this.claimed.endpoint_id);
    this.secrets = [held.sealed_secret, held.sealed_previous_secret]
      .filter((sealed) => sealed !== null)
      .map((sealed) => this.sealer.open(sealed, place));
    return true;
  }

  /** @returns whether there is more to be made */
  private async fanOut(): Promise<boolean> {
    const [[made], replays] = await Promise.all([
      this.db.query<{ more: boolean; made: number }>(FAN_OUT, [...this.key(), this.options.fanOutBatch]),
      this.db.query<{ made: number }>(FAN_OUT_REPLAY, [...this.key(), this.options.fanOutBatch]),
    ]);
    return (made?.more ?? false) || replays.length > 0;
  }

  /** A failing endpoint gets one request at a time until one succeeds. */
  private get room(): number {
    const limit = this.failuresInARow > 0 ? 1 : this.options.requestsPerEndpoint;
    return Math.max(0, limit - this.inFlight.size);
  }

  private async sendDue(signal: AbortSignal): Promise<number> {
    const { room } = this;
    if (room === 0) return 0;
    const isDigest = this.held.format !== 'standard';
    const [platformId, endpointId] = this.key();
    const due = await this.db.query<DueDelivery>(DUE_DELIVERIES, [
      platformId,
      endpointId,
      this.held.ordering === 'per_authorizer' && !isDigest,
      [...this.inFlight.keys()],
      isDigest ? 500 : room,
    ]);
    if (due.length === 0) {
      await this.db.run(GIVE_UP_LOST, [platformId, endpointId]);
      return 0;
    }
    if (isDigest) return this.sendDigests(due, signal);
    for (const delivery of due) {
      await this.pace(signal);
      if (signal.aborted || this.isOver) break;
      this.track([delivery.delivery_id], this.send(delivery, signal));
    }
    return due.length;
  }

  private track(ids: readonly number[], work: Promise<void>): void {
    const run = work
      .catch((error: unknown) => {
        this.isOver = true; // most likely the database; another drain takes up what is left
        this.log.warn('webhooks.attempt_unwritten', { endpointId: this.claimed.endpoint_id, error });
      })
      .finally(() => {
        this.settled += 1;
        for (const id of ids) this.inFlight.delete(id);
      });
    for (const id of ids) this.inFlight.set(id, run);
  }

  /** `max_per_second`, evenly. */
  private async pace(signal: AbortSignal): Promise<void> {
    const { max_per_second: perSecond } = this.held;
    if (perSecond === null) return;
    const now = performance.now();
    const wait = this.nextSendMs - now;
    this.nextSendMs = Math.max(now, this.nextSendMs) + 1000 / perSecond;
    if (wait > 0 && !signal.aborted) await sleep(wait);
  }

  private async send(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    const at = new Date();
    const body = bodyOf(this.claimed.component_appid, delivery);
    const id = messageIdOf(this.claimed.component_appid, delivery.seq);
    const result = await this.sender.post({
      url: this.held.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': this.options.userAgent,
        ...signedHeaders(this.secrets, id, Math.floor(at.getTime() / 1000), body),
      },
      body,
      timeoutMs: this.options.attemptTimeoutMs,
      keepBytes: this.options.excerptBytes,
      signal,
    });
    if (result.error === 'aborted') return; // this process stops: no attempt of the receiver's
    const isOk = result.status !== null && result.status >= 200 && result.status < 300;
    await this.note([delivery], at, result, isOk);
  }

  /** One message for all that is due of a type, at most one a minute. */
  private async sendDigests(due: readonly DueDelivery[], signal: AbortSignal): Promise<number> {
    const format = this.held.format as DigestFormat;
    let sent = 0;
    for (const type of new Set(due.map((delivery) => delivery.type))) {
      const last = this.held.robot_sent[type];
      if (last !== undefined && Date.now() - Date.parse(last) < DIGEST_SECONDS * 1000) continue;
      const group = due.filter((delivery) => delivery.type === type);
      this.held.robot_sent[type] = new Date().toISOString();
      await this.db.run(NOTE_DIGEST, [...this.key(), type]);
      const work = async () => {
        const at = new Date();
        const result = await this.sender.post({
          url: this.held.url,
          headers: { 'content-type': 'application/json', 'user-agent': this.options.userAgent },
          body: digestBody(format, this.claimed.component_appid, type, group),
          timeoutMs: this.options.attemptTimeoutMs,
          keepBytes: this.options.excerptBytes,
          signal,
        });
        if (result.error !== 'aborted') await this.note(group, at, result, isDigestAccepted(format, result));
      };
      this.track(
        group.map((delivery) => delivery.delivery_id),
        work(),
      );
      sent += group.length;
    }
    return sent;
  }

  private async note(deliveries: readonly DueDelivery[], at: Date, result: SendResult, isOk: boolean): Promise<void> {
    this.observe(
      isOk ? 'delivered' : result.error === 'refused_address' ? 'refused_address' : 'failed',
      result.durationMs / 1000,
    );
    this.failuresInARow = isOk ? 0 : this.failuresInARow + 1;
    if (result.status === 410) await this.disable('gone');
    const rows = deliveries.map((delivery): AttemptRow => {
      const no = delivery.attempts + 1;
      const delay = isOk ? null : retryDelaySeconds(no, result.retryAfterSeconds);
      return {
        delivery_id: delivery.delivery_id,
        no,
        at: at.toISOString(),
        duration_ms: result.durationMs,
        status: result.status,
        error: result.error,
        detail: result.detail,
        response_excerpt: excerptOf(result),
        address: result.address,
        state: isOk ? 'delivered' : delay === null ? 'failed' : 'pending',
        delay_seconds: delay,
      };
    });
    await Promise.all(rows.map((row) => this.results.add({ row, succeeded: isOk })));
  }

  private async writeResults(items: { row: AttemptRow; succeeded: boolean }[]): Promise<void[]> {
    const failures = items.filter(({ succeeded }) => !succeeded).length;
    const health = await this.db.transaction(async (sql) => {
      await sql.run(WRITE_RESULTS, [...this.key(), JSON.stringify(items.map(({ row }) => row))]);
      const [row] = await sql.query<{ failures: number; failing_seconds: number | null }>(NOTE_HEALTH, [
        ...this.key(),
        failures < items.length,
        failures,
      ]);
      return row;
    });
    if (!health) this.isOver ||= await this.lost();
    else if (health.failures >= FAILING_ATTEMPTS && (health.failing_seconds ?? 0) >= FAILING_SECONDS)
      await this.disable('failing');
    return items.map(() => undefined);
  }

  /** Whether another process holds the endpoint, or nobody. */
  private async lost(): Promise<boolean> {
    const [row] = await this.db.query(
      'SELECT 1 FROM events.webhook_endpoint WHERE platform_id = $1 AND endpoint_id = $2 AND lease_generation = $3',
      this.key(),
    );
    return row === undefined;
  }

  /** Announced by log, metric and an event for other endpoints: nothing goes to this one any more. */
  private async disable(reason: 'gone' | 'failing'): Promise<void> {
    const [platformId, endpointId] = this.key();
    const disabled = await this.db.transaction(async (sql: Sql) => {
      const count = await sql.run(DISABLE_ENDPOINT, [...this.key(), reason]);
      if (count > 0) {
        const data = { endpoint_id: endpointId, reason };
        await this.writer.write(sql, [{ platformId, type: 'webhook.disabled', merchantId: null, data }]);
      }
      return count > 0;
    });
    this.isOver = true;
    if (disabled) this.log.error('webhook.disabled', { platformId, endpointId, reason });
  }
}

/** Text, without what PostgreSQL cannot hold. */
function excerptOf({ body }: SendResult): string | null {
  // eslint-disable-next-line no-control-regex
  return body.length === 0 ? null : body.toString('utf8').replace(/\u0000/g, '');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
