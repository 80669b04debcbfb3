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

/** Deliveries in memory that are not sent yet, at most. */
const MOST_QUEUED = 512;
/** Below this many more are fetched. */
const FEW_QUEUED = 128;
/** Results that are not written yet: beyond, nothing is sent until some are. */
const MOST_UNWRITTEN = 2000;
/** Between two looks at the table without a reason to. */
const LOOK_MS = 500;
/** Between two looks at the endpoint, which somebody may have changed, disabled or removed. */
const HOLD_MS = 2000;
/** Few results wait so long for others: a commit costs the same for one and for a hundred. */
const GATHER_MS = 20;
const FEW_RESULTS = 64;
/** Between two notes about the health of an endpoint that takes everything. */
const HEALTH_MS = 1000;

/** Deliveries that are sent one after the other: those of one account. */
interface Lane {
  waiting: DueDelivery[];
  isBusy: boolean;
  /** The delivery that failed: what comes after it waits in the table until that is written. */
  blockedBy: number | null;
}

/**
 * Works off one endpoint while this process holds it. Deliveries are fetched by the hundred and sent from memory, those of one
 * account one after the other; results are written in batches while others are being sent. When a process dies, some are sent
 * again by the next one, with the same ids.
 */
export class EndpointDrain {
  /** On their way, or with a result that is not written. */
  private readonly inFlight = new Map<number, Promise<void>>();
  private readonly lanes = new Map<string, Lane>();
  /** Lanes whose first delivery may be sent. */
  private readonly ready: string[] = [];
  /** Deliveries that wait in lanes. */
  private readonly queued = new Set<number>();
  /** Lanes of which a failure was not written when the table was asked, or came later: the answer does not know of it. */
  private readonly failedDuringLook = new Set<string>();
  private requests = 0;
  private readonly results: Batcher<{ row: AttemptRow; succeeded: boolean }, void>;
  private held!: HeldEndpoint;
  private secrets: Secret[] = [];
  /** Ends the drain: the lease is lost, the endpoint disabled, or the process stops. */
  private isOver = false;
  private nextSendMs = 0;
  private pacing: NodeJS.Timeout | undefined;
  private failuresInARow: number | null = null;
  /** As the row of the endpoint says. */
  private failuresNoted = 0;
  private healthNotedMs = Number.NEGATIVE_INFINITY;
  /** There may be events of which no deliveries have been made. */
  private isNews = true;
  /** The table may have something that is due and not in memory. */
  private isMoreDue = true;
  /** Whether the last look at the table found something. */
  private hasTaken = false;
  private change: (() => void) | undefined;

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
    this.results = new Batcher({ maxSize: 500, write: (items) => this.writeResults(items) });
  }

  get platformId(): number {
    return this.claimed.platform_id;
  }

  /** Whether new events were told too late for this drain. */
  get hasNews(): boolean {
    return this.isNews && !this.isOver;
  }

  /** There are new events on the platform. */
  wake(): void {
    this.isNews = true;
    this.change?.();
  }

  async run(signal: AbortSignal): Promise<void> {
    let renewAtMs = 0;
    let lookAtMs = performance.now() + LOOK_MS;
    try {
      while (!this.isOver && !signal.aborted) {
        const now = performance.now();
        if (now >= renewAtMs) {
          if (!(await this.hold())) return;
          renewAtMs = now + Math.min(HOLD_MS, (this.options.leaseSeconds * 1000) / 3);
        }
        if (now >= lookAtMs) this.isNews = this.isMoreDue = true;
        const change = new Promise<void>((resolve) => (this.change = resolve));
        if (this.queued.size < FEW_QUEUED && (this.isNews || this.isMoreDue)) {
          await this.refill(signal);
          lookAtMs = performance.now() + LOOK_MS;
        }
        this.sendQueued(signal);
        if (this.queued.size < FEW_QUEUED && (this.isNews || this.isMoreDue)) continue;
        if (this.inFlight.size === 0 && this.queued.size === 0) {
          // The last look must have found nothing: what was delivered may have made another one due.
          if (!this.hasTaken) return;
          this.isMoreDue = true;
          continue;
        }
        await Promise.race([change, sleep(LOOK_MS)]);
      }
    } finally {
      clearTimeout(this.pacing);
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
    this.failuresInARow ??= held.failures;
    this.failuresNoted = held.failures;
    const place = secretPlace(this.claimed.platform_id, this.claimed.endpoint_id);
    this.secrets = [held.sealed_secret, held.sealed_previous_secret]
      .filter((sealed) => sealed !== null)
      .map((sealed) => this.sealer.open(sealed, place));
    return true;
  }

  private get isDigest(): boolean {
    return this.held.format !== 'standard';
  }

  /** Makes deliveries of new events, and takes what is due into memory. */
  private async refill(signal: AbortSignal): Promise<void> {
    this.isMoreDue = false;
    if (this.isNews) await this.fanOut();
    const [platformId, endpointId] = this.key();
    this.failedDuringLook.clear();
    for (const [key, { blockedBy }] of this.lanes) if (blockedBy !== null) this.failedDuringLook.add(key);
    const due = await this.db.query<DueDelivery>(DUE_DELIVERIES, [
      platformId,
      endpointId,
      this.held.ordering === 'per_authorizer' && !this.isDigest,
      [...this.inFlight.keys(), ...this.queued],
      MOST_QUEUED,
    ]);
    if (due.length === 0) await this.db.run(GIVE_UP_LOST, [platformId, endpointId]);
    const taken = this.isDigest ? await this.sendDigests(due, signal) : this.enqueue(due);
    this.hasTaken = taken > 0;
    // What was not taken waits for its minute, or for a failure to be written.
    if (taken > 0 && due.length === MOST_QUEUED) this.isMoreDue = true;
  }

  private async fanOut(): Promise<void> {
    this.isNews = false;
    const [[made], replays] = await Promise.all([
      this.db.query<{ more: boolean; made: number }>(FAN_OUT, [...this.key(), this.options.fanOutBatch]),
      this.db.query<{ made: number }>(FAN_OUT_REPLAY, [...this.key(), this.options.fanOutBatch]),
    ]);
    if (made?.more || replays.length > 0) this.isNews = true;
  }

  /** @returns how many are new in memory */
  private enqueue(due: readonly DueDelivery[]): number {
    let taken = 0;
    for (const delivery of due) {
      const { delivery_id: id, authorizer_appid: appid } = delivery;
      const key = this.held.ordering === 'per_authorizer' && appid !== null ? appid : `#${id}`;
      let lane = this.lanes.get(key);
      if (this.failedDuringLook.has(key)) continue;
      if (!lane) this.lanes.set(key, (lane = { waiting: [], isBusy: false, blockedBy: null }));
      lane.waiting.push(delivery);
      this.queued.add(id);
      taken += 1;
      if (!lane.isBusy && lane.waiting.length === 1) this.ready.push(key);
    }
    return taken;
  }

  /** A failing endpoint gets one request at a time until one succeeds. */
  private get room(): number {
    const limit = (this.failuresInARow ?? 0) > 0 ? 1 : this.options.requestsPerEndpoint;
    return this.inFlight.size - this.requests < MOST_UNWRITTEN ? limit - this.requests : 0;
  }

  private sendQueued(signal: AbortSignal): void {
    while (this.ready.length > 0 && this.room > 0 && !signal.aborted && !this.isOver && this.isPaced()) {
      const key = this.ready.shift() as string;
      const lane = this.lanes.get(key) as Lane;
      const delivery = lane.waiting.shift() as DueDelivery;
      this.queued.delete(delivery.delivery_id);
      this.track([delivery.delivery_id], this.deliver(key, lane, delivery, signal), () =>
        this.unblock(key, lane, delivery.delivery_id),
      );
    }
  }

  /** Sends one, lets the next one of its account go, and waits until the result is written. */
  private async deliver(key: string, lane: Lane, delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    lane.isBusy = true;
    this.requests += 1;
    let sent: { isOk: boolean; written: Promise<void> } | null = null;
    try {
      sent = await this.send(delivery, signal);
    } finally {
      this.requests -= 1;
      lane.isBusy = false;
      if (!sent?.isOk) this.block(key, lane, delivery.delivery_id);
      else if (lane.waiting.length > 0) this.ready.push(key);
      else this.lanes.delete(key);
      // It was waited for: those after it have not been fetched.
      if (sent?.isOk && delivery.attempts > 0) this.isMoreDue = true;
      this.sendQueued(signal);
      this.change?.();
    }
    await sent?.written;
  }

  private block(key: string, lane: Lane, failed: number): void {
    lane.blockedBy = failed;
    this.failedDuringLook.add(key);
    for (const { delivery_id: id } of lane.waiting.splice(0)) this.queued.delete(id);
  }

  /** The failure is written, and the table knows what has to wait. */
  private unblock(key: string, lane: Lane, ended: number): void {
    if (lane.blockedBy !== ended) return;
    this.lanes.delete(key);
    this.isMoreDue = true;
  }

  private track(ids: readonly number[], work: Promise<void>, ended?: () => void): void {
    const run = work
      .catch((error: unknown) => {
        this.isOver = true; // most likely the database; another drain takes up what is left
        this.log.warn('webhooks.attempt_unwritten', { endpointId: this.claimed.endpoint_id, error });
      })
      .finally(() => {
        for (const id of ids) this.inFlight.delete(id);
        ended?.();
        this.change?.();
      });
    for (const id of ids) this.inFlight.set(id, run);
  }

  /** `max_per_second`, evenly. @returns whether one may be sent now; if not, the drain is woken when it may */
  private isPaced(): boolean {
    const { max_per_second: perSecond } = this.held;
    if (perSecond === null) return true;
    const now = performance.now();
    if (now < this.nextSendMs) {
      this.pacing ??= setTimeout(() => {
        this.pacing = undefined;
        this.change?.();
      }, this.nextSendMs - now);
      return false;
    }
    this.nextSendMs = Math.max(now, this.nextSendMs) + 1000 / perSecond;
    return true;
  }

  /** @returns null when this process stops: no attempt of the receiver's */
  private async send(
    delivery: DueDelivery,
    signal: AbortSignal,
  ): Promise<{ isOk: boolean; written: Promise<void> } | null> {
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
    if (result.error === 'aborted') return null;
    const isOk = result.status !== null && result.status >= 200 && result.status < 300;
    return { isOk, written: this.note([delivery], at, result, isOk) };
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
    this.failuresInARow = isOk ? 0 : (this.failuresInARow ?? 0) + 1;
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
    if (items.length < FEW_RESULTS) await sleep(GATHER_MS);
    const failures = items.filter(({ succeeded }) => !succeeded).length;
    const rows = JSON.stringify(items.map(({ row }) => row));
    const now = performance.now();
    if (failures === 0 && this.failuresNoted === 0 && now - this.healthNotedMs < HEALTH_MS) {
      const written = await this.db.run(WRITE_RESULTS, [...this.key(), rows]);
      if (written === 0) this.isOver ||= await this.lost();
      return items.map(() => undefined);
    }
    const health = await this.db.transaction(async (sql) => {
      await sql.run(WRITE_RESULTS, [...this.key(), rows]);
      const [row] = await sql.query<{ failures: number; failing_seconds: number | null }>(NOTE_HEALTH, [
        ...this.key(),
        failures < items.length,
        failures,
      ]);
      return row;
    });
    this.healthNotedMs = now;
    if (!health) this.isOver ||= await this.lost();
    else {
      this.failuresNoted = health.failures;
      if (health.failures >= FAILING_ATTEMPTS && (health.failing_seconds ?? 0) >= FAILING_SECONDS)
        await this.disable('failing');
    }
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
