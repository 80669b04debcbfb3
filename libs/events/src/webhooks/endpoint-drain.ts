import { DAY_SECONDS, type Database, type Log, type Sealer, type Secret, type Sql } from '#libs/kernel';
import type { EventWriter } from '../feed/event-writer.ts';
import type { EventsOptions } from '../events-options.ts';
import { digestBody, isDigestAccepted, type DigestFormat } from './digests.ts';
import type { HttpSender, SendResult } from './http-sender.ts';
import { retryDelaySeconds } from './retry-schedule.ts';
import { secretPlace } from './sealed-tables.ts';
import { signedHeaders } from './signing.ts';
import { bodyOf, messageIdOf, type DueDelivery } from './webhook-message.ts';
import {
  ACCOUNTS_OUTSIDE,
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
  has_replay: boolean;
}

/** A new delivery with its event, or none; `more`: there are events after these. */
type FannedOut = { more: boolean } & (DueDelivery | { delivery_id: null });

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

export type AttemptOutcome = 'delivered' | 'failed' | 'refused_address';

/** A failing endpoint is disabled after this time without a success … */
const FAILING_SECONDS = 5 * DAY_SECONDS;
/** … and this many failures. They span the time above, so also the 12 hours that are asked for at least. */
const FAILING_ATTEMPTS = 10;
const DIGEST_SECONDS = 60;

/** Deliveries that are fetched from the table at once. */
const MOST_FETCHED = 512;
/** With fewer in memory that are not sent yet, more are fetched. */
const FEW_QUEUED = 256;
/** With more deliveries in the table that are not in memory, it is not known which accounts they are of. */
const MOST_OUTSIDE = 1000;
/** Results that are not written yet: beyond, nothing is sent until some are. */
const MOST_UNWRITTEN = 2000;
/** Results in one statement. */
const MOST_WRITTEN = 500;
/** Between two looks at the table without a reason to. */
const LOOK_MS = 500;
/** Between two looks at the endpoint, which somebody may have changed, disabled or removed. */
const HOLD_MS = 2000;
/** Between two looks for deliveries whose events have been removed. */
const LOST_MS = 10_000;
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

/** What came of an attempt, to be written. */
interface Outcome {
  row: AttemptRow;
  isOk: boolean;
  /** The lane that it may hold up. */
  lane: string;
}

/**
 * Works off one endpoint while this process holds it. Deliveries of new events go into memory as they are made, older ones are
 * fetched by the hundred; those of one account are sent one after the other, and results are written in batches while others are
 * being sent. When a process dies, some are sent again by the next one, with the same ids.
 */
export class EndpointDrain {
  /** On their way, or with a result that is not written. */
  private readonly inFlight = new Set<number>();
  private readonly lanes = new Map<string, Lane>();
  /** Lanes whose first delivery may be sent. */
  private readonly ready: string[] = [];
  /** Deliveries that wait in lanes. */
  private readonly queued = new Set<number>();
  /** Lanes of which a failure was not written when the table was asked, or came later: the answer does not know of it. */
  private readonly failedDuringLook = new Set<string>();
  /**
   * Accounts that have deliveries which are not in memory: a new one of theirs waits in the table. Too many are as good as unknown.
   * Only this drain makes deliveries of the endpoint, so it stays true between two looks.
   */
  private outside: Set<string> | null = null;
  private requests = 0;
  private readonly unwritten: Outcome[] = [];
  private writing: Promise<void> | undefined;
  private held!: HeldEndpoint;
  private secrets: Secret[] = [];
  /** Ends the drain: the lease is lost, the endpoint disabled, or something failed. */
  private isOver = false;
  private isLeaving = false;
  private nextSendMs = 0;
  private pacing: NodeJS.Timeout | undefined;
  private failuresInARow: number | null = null;
  /** As the row of the endpoint says. */
  private failuresNoted = 0;
  private healthNotedMs = Number.NEGATIVE_INFINITY;
  private lostAtMs = Number.NEGATIVE_INFINITY;
  /** There may be events of which no deliveries have been made. */
  private isNews = true;
  /** The table may have something that is due and not in memory. */
  private isMoreDue = true;
  /** Whether the last look at the table found something. */
  private hasTaken = false;
  private proceed: (() => void) | undefined;

  /**
   * @param signal the process stops
   * @param lingerMs for how long it stays when there is nothing to send
   */
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly sender: HttpSender,
    private readonly writer: EventWriter,
    private readonly options: EventsOptions,
    private readonly log: Log,
    private readonly observe: (outcome: AttemptOutcome, seconds: number) => void,
    private readonly claimed: ClaimedEndpoint,
    private readonly signal: AbortSignal,
    private readonly lingerMs: () => number,
  ) {}

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
    this.proceed?.();
  }

  async run(): Promise<void> {
    let renewAtMs = 0;
    let lookAtMs = performance.now() + LOOK_MS;
    let idleSinceMs: number | null = null;
    try {
      while (!this.isEnding) {
        const now = performance.now();
        if (now >= renewAtMs) {
          if (!(await this.hold())) return;
          renewAtMs = now + Math.min(HOLD_MS, (this.options.leaseSeconds * 1000) / 3);
        }
        if (now >= lookAtMs) this.isNews = this.isMoreDue = true;
        if (this.wantsMore) {
          if (this.isMoreDue) lookAtMs = now + LOOK_MS;
          await this.refill();
        }
        this.sendQueued();
        if (this.wantsMore) continue;
        if (this.isIdle) {
          // The last look must have found nothing: what was delivered may have made another one due.
          if (this.hasTaken) {
            this.isMoreDue = true;
            continue;
          }
          idleSinceMs ??= now;
          if (now - idleSinceMs >= this.lingerMs()) return;
        } else idleSinceMs = null;
        await this.wait(LOOK_MS);
      }
    } finally {
      this.isLeaving = true;
      clearTimeout(this.pacing);
      while (this.inFlight.size > 0) await this.wait(LOOK_MS);
      await this.writing;
      await this.db.run(RELEASE_ENDPOINT, this.key()).catch(() => undefined); // the lease ends by itself
    }
  }

  private get isEnding(): boolean {
    return this.isOver || this.isLeaving || this.signal.aborted;
  }

  private get wantsMore(): boolean {
    return this.queued.size < FEW_QUEUED && (this.isNews || this.isMoreDue);
  }

  private get isIdle(): boolean {
    return this.inFlight.size === 0 && this.queued.size === 0;
  }

  /** Until there is something to do. All that is waited for is in the state that was looked at just before. */
  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.proceed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private proceedIfDue(): void {
    if (this.isEnding || this.wantsMore || this.isIdle) this.proceed?.();
  }

  private key(): [number, string, number] {
    const { platform_id: platformId, endpoint_id: endpointId, lease_generation: generation } = this.claimed;
    return [platformId, endpointId, generation];
  }

  private async hold(): Promise<boolean> {
    const [held] = await this.db.query<HeldEndpoint>(HOLD_ENDPOINT, [...this.key(), this.options.leaseSeconds]);
    if (!held) return false;
    if (this.held?.ordering !== held.ordering) {
      this.outside = null;
      this.isMoreDue = true;
    }
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

  private get isOrdered(): boolean {
    return this.held.ordering === 'per_authorizer' && !this.isDigest;
  }

  /** Takes what is due into memory, and makes deliveries of new events. */
  private async refill(): Promise<void> {
    const found = this.isMoreDue ? await this.look() : null;
    const made = this.isNews && this.queued.size < FEW_QUEUED ? await this.fanOut() : 0;
    const now = performance.now();
    if (found === 0 && made === 0 && now - this.lostAtMs >= LOST_MS) {
      this.lostAtMs = now;
      const [platformId, endpointId] = this.key();
      await this.db.run(GIVE_UP_LOST, [platformId, endpointId]);
    }
  }

  /** @returns deliveries that are due and were not in memory */
  private async look(): Promise<number> {
    this.isMoreDue = false;
    const [platformId, endpointId] = this.key();
    this.failedDuringLook.clear();
    for (const [key, { blockedBy }] of this.lanes) if (blockedBy !== null) this.failedDuringLook.add(key);
    const due = await this.db.query<DueDelivery>(DUE_DELIVERIES, [
      platformId,
      endpointId,
      this.isOrdered,
      [...this.inFlight, ...this.queued],
      MOST_FETCHED,
    ]);
    const taken = this.isDigest ? await this.sendDigests(due) : this.enqueue(due, this.failedDuringLook);
    const isCut = due.length === MOST_FETCHED;
    this.hasTaken = taken > 0;
    // What was not taken waits for its minute, or for a failure to be written.
    if (taken > 0 && isCut) this.isMoreDue = true;
    this.outside = isCut || this.isDigest ? null : await this.accountsOutside();
    return due.length;
  }

  private async accountsOutside(): Promise<Set<string> | null> {
    if (!this.isOrdered) return new Set();
    const [platformId, endpointId] = this.key();
    const memory = [...this.inFlight, ...this.queued];
    const [row] = await this.db.query<{ seen: number; accounts: string[] }>(ACCOUNTS_OUTSIDE, [
      platformId,
      endpointId,
      memory,
      MOST_OUTSIDE + 1,
    ]);
    if (!row || row.seen > MOST_OUTSIDE) return null;
    return new Set([...row.accounts, ...this.failedDuringLook]);
  }

  /** @returns deliveries that were made of new events */
  private async fanOut(): Promise<number> {
    this.isNews = false;
    const rows = await this.db.query<FannedOut>(FAN_OUT, [...this.key(), this.options.fanOutBatch]);
    if (rows[0]?.more) this.isNews = true;
    const made = rows.filter((row): row is { more: boolean } & DueDelivery => row.delivery_id !== null);
    const taken = this.outside === null ? 0 : this.enqueue(made, this.outside);
    if (taken < made.length) this.isMoreDue = true;
    return made.length + (this.held.has_replay ? await this.fanOutReplay() : 0);
  }

  private async fanOutReplay(): Promise<number> {
    const [replay] = await this.db.query<{ made: number }>(FAN_OUT_REPLAY, [...this.key(), this.options.fanOutBatch]);
    this.held.has_replay = replay !== undefined;
    if (!replay) return 0;
    this.isNews = this.isMoreDue = true;
    this.outside = null;
    return replay.made;
  }

  /** @param without accounts whose deliveries wait in the table. @returns how many are new in memory */
  private enqueue(deliveries: readonly DueDelivery[], without: ReadonlySet<string>): number {
    let taken = 0;
    for (const delivery of deliveries) {
      const { delivery_id: id, authorizer_appid: appid } = delivery;
      const key = this.isOrdered && appid !== null ? appid : `#${id}`;
      if (without.has(key)) continue;
      let lane = this.lanes.get(key);
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

  private sendQueued(): void {
    while (this.ready.length > 0 && this.room > 0 && !this.isEnding && this.isPaced()) {
      const key = this.ready.shift() as string;
      const lane = this.lanes.get(key) as Lane;
      const delivery = lane.waiting.shift() as DueDelivery;
      this.queued.delete(delivery.delivery_id);
      this.inFlight.add(delivery.delivery_id);
      lane.isBusy = true;
      void this.deliver(key, lane, delivery);
    }
  }

  /** Sends one, lets the next one of its account go, and leaves the result to be written. */
  private async deliver(key: string, lane: Lane, delivery: DueDelivery): Promise<void> {
    const at = new Date();
    this.requests += 1;
    const result = await this.attempted(this.send(at, delivery), isAccepted);
    this.requests -= 1;
    lane.isBusy = false;
    const isOk = result !== null && isAccepted(result);
    if (!isOk) this.block(key, lane, delivery.delivery_id);
    else if (lane.waiting.length > 0) this.ready.push(key);
    else this.lanes.delete(key);
    // It was waited for: those after it have not been fetched.
    if (isOk && delivery.attempts > 0) this.isMoreDue = true;
    if (result) this.record(delivery, at, result, isOk, key);
    else this.inFlight.delete(delivery.delivery_id);
    this.sendQueued();
    this.proceedIfDue();
  }

  /** Counts an attempt. @returns null when it is none of the receiver's: this process stops, or something of ours failed */
  private async attempted(
    sending: Promise<SendResult>,
    accepts: (result: SendResult) => boolean,
  ): Promise<SendResult | null> {
    try {
      const result = await sending;
      if (result.error === 'aborted') return null;
      const isOk = accepts(result);
      const outcome = result.error === 'refused_address' ? result.error : 'failed';
      this.observe(isOk ? 'delivered' : outcome, result.durationMs / 1000);
      this.failuresInARow = isOk ? 0 : (this.failuresInARow ?? 0) + 1;
      if (result.status === 410) await this.disable('gone');
      return result;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  private block(key: string, lane: Lane, failed: number): void {
    lane.blockedBy = failed;
    this.failedDuringLook.add(key);
    this.outside?.add(key);
    for (const { delivery_id: id } of lane.waiting.splice(0)) this.queued.delete(id);
  }

  /** Most likely the database; another drain takes up what is left. */
  private fail(error: unknown): void {
    this.isOver = true;
    this.log.warn('webhooks.attempt_unwritten', { endpointId: this.claimed.endpoint_id, error });
  }

  /** `max_per_second`, evenly. @returns whether one may be sent now; if not, the drain is woken when it may */
  private isPaced(): boolean {
    const { max_per_second: perSecond } = this.held;
    if (perSecond === null) return true;
    const now = performance.now();
    if (now < this.nextSendMs) {
      this.pacing ??= setTimeout(() => {
        this.pacing = undefined;
        this.sendQueued();
        this.proceedIfDue();
      }, this.nextSendMs - now);
      return false;
    }
    this.nextSendMs = Math.max(now, this.nextSendMs) + 1000 / perSecond;
    return true;
  }

  private async send(at: Date, delivery: DueDelivery): Promise<SendResult> {
    const body = bodyOf(this.claimed.component_appid, delivery);
    const id = messageIdOf(this.claimed.component_appid, delivery.seq);
    return this.sender.post({
      url: this.held.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': this.options.userAgent,
        ...signedHeaders(this.secrets, id, Math.floor(at.getTime() / 1000), body),
      },
      body,
      timeoutMs: this.options.attemptTimeoutMs,
      keepBytes: this.options.excerptBytes,
      signal: this.signal,
    });
  }

  /** One message for all that is due of a type, at most one a minute. */
  private async sendDigests(due: readonly DueDelivery[]): Promise<number> {
    const format = this.held.format as DigestFormat;
    let sent = 0;
    for (const type of new Set(due.map((delivery) => delivery.type))) {
      const last = this.held.robot_sent[type];
      if (last !== undefined && Date.now() - Date.parse(last) < DIGEST_SECONDS * 1000) continue;
      const group = due.filter((delivery) => delivery.type === type);
      this.held.robot_sent[type] = new Date().toISOString();
      await this.db.run(NOTE_DIGEST, [...this.key(), type]);
      for (const { delivery_id: id } of group) this.inFlight.add(id);
      void this.sendDigest(format, type, group);
      sent += group.length;
    }
    return sent;
  }

  private async sendDigest(format: DigestFormat, type: string, group: readonly DueDelivery[]): Promise<void> {
    const at = new Date();
    const accepts = (result: SendResult) => isDigestAccepted(format, result);
    const sending = this.sender.post({
      url: this.held.url,
      headers: { 'content-type': 'application/json', 'user-agent': this.options.userAgent },
      body: digestBody(format, this.claimed.component_appid, type, group),
      timeoutMs: this.options.attemptTimeoutMs,
      keepBytes: this.options.excerptBytes,
      signal: this.signal,
    });
    const result = await this.attempted(sending, accepts);
    for (const delivery of group) {
      if (result) this.record(delivery, at, result, accepts(result), '');
      else this.inFlight.delete(delivery.delivery_id);
    }
    this.proceedIfDue();
  }

  /** Has what came of an attempt written with others. */
  private record(delivery: DueDelivery, at: Date, result: SendResult, isOk: boolean, lane: string): void {
    const no = delivery.attempts + 1;
    const delay = isOk ? null : retryDelaySeconds(no, result.retryAfterSeconds);
    const row: AttemptRow = {
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
    this.unwritten.push({ row, isOk, lane });
    this.writing ??= this.writeAll();
  }

  /** One statement at a time; what comes during one is written by the next. */
  private async writeAll(): Promise<void> {
    while (this.unwritten.length > 0) {
      if (this.unwritten.length < FEW_RESULTS) await sleep(GATHER_MS);
      const outcomes = this.unwritten.splice(0, MOST_WRITTEN);
      try {
        await this.write(outcomes);
      } catch (error) {
        this.fail(error);
      }
      for (const { row, lane } of outcomes) this.settle(row.delivery_id, lane);
      this.sendQueued();
      this.proceedIfDue();
    }
    this.writing = undefined;
  }

  /** A result is written. After a failure the table knows what has to wait. */
  private settle(id: number, key: string): void {
    this.inFlight.delete(id);
    if (this.lanes.get(key)?.blockedBy !== id) return;
    this.lanes.delete(key);
    this.isMoreDue = true;
  }

  private async write(outcomes: readonly Outcome[]): Promise<void> {
    const failures = outcomes.filter(({ isOk }) => !isOk).length;
    const rows = JSON.stringify(outcomes.map(({ row }) => row));
    const now = performance.now();
    if (failures === 0 && this.failuresNoted === 0 && now - this.healthNotedMs < HEALTH_MS) {
      const [answer] = await this.db.query<{ written: number }>(WRITE_RESULTS, [...this.key(), rows]);
      if (answer?.written === 0) this.isOver ||= await this.lost();
      return;
    }
    const health = await this.db.transaction(async (sql) => {
      const [, [row]] = await Promise.all([
        sql.run(WRITE_RESULTS, [...this.key(), rows]),
        sql.query<{ failures: number; failing_seconds: number | null }>(NOTE_HEALTH, [
          ...this.key(),
          failures < outcomes.length,
          failures,
        ]),
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

function isAccepted({ status }: SendResult): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** Text, without what PostgreSQL cannot hold. */
function excerptOf({ body }: SendResult): string | null {
  // eslint-disable-next-line no-control-regex
  return body.length === 0 ? null : body.toString('utf8').replace(/\u0000/g, '');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
