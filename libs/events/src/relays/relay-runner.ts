import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { RelayView } from '#libs/contract';
import { DAY_SECONDS, Database, Log, Metrics, Sealer, Ticks, type Secret } from '#libs/kernel';
import { PushXmlError } from '#libs/wechat-wire';
import { EventsOptions } from '../events-options.ts';
import { HttpSender } from '../webhooks/http-sender.ts';
import { retryDelaySeconds } from '../webhooks/retry-schedule.ts';
import { relayAnswerPlace, relayBodyPlace, relaySecretPlace } from '../webhooks/sealed-tables.ts';
import { signedHeaders } from '../webhooks/signing.ts';
import { matches, messageKeyOf, partsOf, relayBodyOf, type PushParts, type RelayedPush } from './relay-message.ts';
import { replyXmlOf } from './relay-reply.ts';
import { RELAYS_CHANNEL } from './relays.ts';
import {
  CLAIM_CALL,
  CLAIM_DUE_MESSAGES,
  DELETE_DELIVERED_MESSAGE,
  DELETE_OLD_CALLS,
  DELETE_OLD_MESSAGES,
  FORGET_OLD_ANSWERS,
  INSERT_MESSAGE,
  IS_OLD_CALL,
  KEEP_ANSWER,
  LIST_RELAYS,
  MERCHANT_OF_ACCOUNT,
  POSTPONE_MESSAGE,
  RELAYS_WITH_DUE_MESSAGES,
  RENEW_CALL,
  SELECT_CALL,
} from './relay-runner.sql.ts';

/** What WeChat gets. */
export type RelayOutcome =
  /** No relay is concerned: as if there were none. */
  | { kind: 'pass' }
  /** Nothing to say: `success`. */
  | { kind: 'success' }
  /** An answer: encrypted XML, '' for an empty one, or with mode raw whatever the backend said. */
  | { kind: 'reply'; body: string | Buffer; contentType: string }
  /** The backend is still at work: cut the connection, so that WeChat asks again and joins the call. */
  | { kind: 'again' };

interface Relay {
  name: string;
  url: string;
  source: RelayView['source'];
  match: RelayView['match'];
  mode: RelayView['mode'];
  deadlineMs: number;
  secret: Secret;
}

/** What a backend answered, in the form in which it is kept for WeChat's next attempt. `reply`: XML before encryption. */
type Answer =
  | { kind: 'success' }
  | { kind: 'reply'; xml: string }
  /** Bytes as latin1. */
  | { kind: 'raw'; body: string; contentType: string };

interface DueMessage {
  platform_id: number;
  message_key: Buffer;
  relay_name: string;
  sealed_body: Buffer;
  attempts: number;
  lease_generation: number;
}

const RELAYS_FOR_MS = 5000;
const POLL_MS = 150;
const RENEW_MS = 1000;

/**
 * Passes pushes and messages on. Of a message that WeChat delivers up to three times one process asks the backend once: the
 * others wait for its answer, in memory or by the row of the call. What a backend only wants to know is stored sealed and
 * delivered by the worker.
 */
@Injectable()
export class RelayRunner implements OnModuleInit, OnApplicationShutdown {
  private readonly relays = new Map<number, { at: number; relays: Promise<readonly Relay[]> }>();
  private readonly running = new Map<string, Promise<Answer>>();
  /** Calls under way, by platform and relay: a backend that hangs fills its own places only. */
  private readonly places = new Map<string, number>();
  private readonly draining = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private unlisten: (() => Promise<void>) | undefined;
  private readonly outcomes;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly sender: HttpSender,
    private readonly options: EventsOptions,
    private readonly log: Log,
    metrics: Metrics,
    private readonly ticks: Ticks,
  ) {
    this.outcomes = metrics.counter('wxfleet_relay_calls_total', 'Calls of relay backends, by mode and outcome', [
      'mode',
      'outcome',
    ]);
  }

  async onModuleInit(): Promise<void> {
    this.unlisten = await this.db.listen(
      RELAYS_CHANNEL,
      (platformId) => this.relays.delete(Number(platformId)),
      () => this.relays.clear(),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.unlisten?.();
    await Promise.allSettled([...this.running.values(), ...this.draining.values()]);
  }

  /** Answers within `relayHoldMs`, whatever the backend does. */
  async handle(push: RelayedPush): Promise<RelayOutcome> {
    const startedMs = performance.now();
    const all = await this.relaysOf(push.platformId);
    if (all.length === 0) return { kind: 'pass' };
    let parts: PushParts;
    try {
      parts = partsOf(push.plaintext);
    } catch (error) {
      if (error instanceof PushXmlError) return { kind: 'pass' };
      throw error;
    }
    const concerned = all.filter((relay) => matches(relay, push, parts));
    if (concerned.length === 0) return { kind: 'pass' };
    const key = messageKeyOf(push, parts);
    const interactive = push.source === 'messages' ? concerned.find(({ mode }) => mode !== 'notify') : undefined;
    // On the events URL nobody waits for an answer: there `reply` and `raw` are delivered like `notify`.
    const stored = push.source === 'messages' ? concerned.filter(({ mode }) => mode === 'notify') : concerned;
    const claimed = await this.claim(push, key, stored, interactive !== undefined);
    if (claimed && stored.length > 0) this.deliverSoon(push.platformId, stored);
    if (!interactive) return { kind: 'success' };
    const id = `${push.platformId}:${key.toString('hex')}`;
    if (claimed) this.start(id, push, parts, key, interactive);
    const answer = await this.answerBy(id, push, parts, key, interactive, startedMs + this.options.relayHoldMs);
    if (answer === null) return { kind: 'again' };
    if (answer.kind === 'success') return { kind: 'success' };
    if (answer.kind === 'raw')
      return { kind: 'reply', body: Buffer.from(answer.body, 'latin1'), contentType: answer.contentType };
    return {
      kind: 'reply',
      body: answer.xml === '' ? '' : push.seal(answer.xml),
      contentType: 'text/xml; charset=utf-8',
    };
  }

  /** Delivers what waits. */
  @Interval('relay_messages', 1000)
  deliverTick(): Promise<void> {
    return this.ticks.run('relay_messages', () => this.deliverAll());
  }

  /** Removes answers after half a minute, calls after a day, messages after three. */
  @Interval('relay_retention', 10_000)
  pruneTick(): Promise<void> {
    return this.ticks.run('relay_retention', () => this.prune());
  }

  async prune(): Promise<void> {
    await this.db.run(FORGET_OLD_ANSWERS);
    await this.db.run(DELETE_OLD_CALLS);
    const lost = await this.db.run(DELETE_OLD_MESSAGES);
    if (lost > 0) this.log.warn('relay.messages_given_up', { count: lost });
  }

  async deliverAll(): Promise<void> {
    const due = await this.db.query<{ platformId: number; name: string }>(RELAYS_WITH_DUE_MESSAGES);
    await Promise.all(due.map(({ platformId, name }) => this.drain(platformId, name)));
  }

  private async relaysOf(platformId: number): Promise<readonly Relay[]> {
    const known = this.relays.get(platformId);
    if (known && performance.now() - known.at < RELAYS_FOR_MS) return known.relays;
    const relays = this.readRelays(platformId);
    this.relays.set(platformId, { at: performance.now(), relays });
    relays.catch(() => this.relays.delete(platformId));
    return relays;
  }

  private async readRelays(platformId: number): Promise<Relay[]> {
    const rows = await this.db.query<Omit<Relay, 'secret'> & { sealed: Buffer }>(LIST_RELAYS, [platformId]);
    return rows.map(({ sealed, ...relay }) => ({
      ...relay,
      secret: this.sealer.open(sealed, relaySecretPlace(platformId, relay.name)),
    }));
  }

  /**
   * Makes the message this process's, together with what is stored of it.
   * @returns false when it is known: WeChat repeats it, or somebody replays it
   */
  private claim(push: RelayedPush, key: Buffer, stored: readonly Relay[], asks: boolean): Promise<boolean> {
    return this.db.transaction(async (sql) => {
      const [fresh] = await sql.query<{ isNew: boolean }>(CLAIM_CALL, [
        push.platformId,
        key,
        asks ? 'running' : 'answered',
      ]);
      if (!fresh) return false;
      if (fresh.isNew && stored.length > 0) {
        const body = await this.storedBodyOf(push);
        for (const relay of stored) {
          const isRaw = relay.mode === 'raw';
          const content = JSON.stringify(isRaw ? { query: push.rawQuery, body: push.rawBody } : { json: body });
          await sql.run(INSERT_MESSAGE, [
            push.platformId,
            key,
            relay.name,
            this.sealer.seal(content, relayBodyPlace(push.platformId, key, relay.name)),
          ]);
        }
      }
      return true;
    });
  }

  private async storedBodyOf(push: RelayedPush): Promise<string> {
    return relayBodyOf({
      componentAppid: push.componentAppid,
      authorizerAppid: push.authorizerAppid,
      merchantId: await this.merchantOf(push),
      receivedAt: new Date(),
      plaintext: push.plaintext,
    });
  }

  private async merchantOf({ platformId, authorizerAppid }: RelayedPush): Promise<string | null> {
    if (authorizerAppid === null) return null;
    const [row] = await this.db.query<{ merchantId: string | null }>(MERCHANT_OF_ACCOUNT, [
      platformId,
      authorizerAppid,
    ]);
    return row?.merchantId ?? null;
  }

  private start(id: string, push: RelayedPush, parts: PushParts, key: Buffer, relay: Relay): void {
    const renewal = setInterval(() => void this.renew(push.platformId, key), RENEW_MS);
    const call = this.ask(push, parts, key, relay)
      .catch((error: unknown): Answer => {
        this.log.warn('relay.call_failed', { relay: relay.name, error });
        return { kind: 'success' };
      })
      .then(async (answer) => {
        // Cut short by a stop of this process: another one asks again, at WeChat's next attempt.
        if (this.stopping.signal.aborted) return answer;
        await this.keep(push.platformId, key, answer).catch((error: unknown) =>
          this.log.warn('relay.answer_unwritten', { error }),
        );
        return answer;
      })
      .finally(() => {
        clearInterval(renewal);
        // WeChat's next attempt within this process finds it for a while in the table.
        this.running.delete(id);
      });
    this.running.set(id, call);
  }

  private async renew(platformId: number, key: Buffer): Promise<void> {
    await this.db.run(RENEW_CALL, [platformId, key]).catch(() => undefined); // the next one may work; without it another process asks again
  }

  private async ask(push: RelayedPush, parts: PushParts, key: Buffer, relay: Relay): Promise<Answer> {
    const place = `${push.platformId}:${relay.name}`;
    const taken = this.places.get(place) ?? 0;
    if (taken >= this.options.relayConcurrency) {
      this.outcomes.inc({ mode: relay.mode, outcome: 'full' });
      return { kind: 'success' };
    }
    this.places.set(place, taken + 1);
    try {
      return relay.mode === 'raw' ? await this.askRaw(push, relay) : await this.askForReply(push, parts, key, relay);
    } finally {
      const left = (this.places.get(place) ?? 1) - 1;
      if (left > 0) this.places.set(place, left);
      else this.places.delete(place);
    }
  }

  private async askForReply(push: RelayedPush, parts: PushParts, key: Buffer, relay: Relay): Promise<Answer> {
    const seconds = Math.floor(Date.now() / 1000);
    const body = await this.storedBodyOf(push);
    const result = await this.sender.post({
      url: relay.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': this.options.userAgent,
        'wxfleet-reply-by': String(Date.now() + relay.deadlineMs),
        ...signedHeaders([relay.secret], relayMessageId(key), seconds, body),
      },
      body,
      timeoutMs: relay.deadlineMs,
      keepBytes: this.options.relayReplyBytes,
      signal: this.stopping.signal,
    });
    const isOk = result.status !== null && result.status >= 200 && result.status < 300 && !result.isCut;
    const xml = isOk ? replyXmlOf(result.body, parts, seconds) : null;
    this.outcomes.inc({
      mode: 'reply',
      outcome: xml === null ? (isOk ? 'unusable' : (result.error ?? 'status')) : 'answered',
    });
    return xml === null ? { kind: 'success' } : { kind: 'reply', xml };
  }

  private async askRaw(push: RelayedPush, relay: Relay): Promise<Answer> {
    const result = await this.sender.post({
      url: withQuery(relay.url, push.rawQuery),
      headers: { 'content-type': 'text/xml', 'user-agent': this.options.userAgent },
      body: push.rawBody,
      timeoutMs: relay.deadlineMs,
      keepBytes: this.options.relayReplyBytes,
      signal: this.stopping.signal,
    });
    const isOk = result.status !== null && result.status >= 200 && result.status < 300 && !result.isCut;
    this.outcomes.inc({ mode: 'raw', outcome: isOk ? 'answered' : (result.error ?? 'status') });
    if (!isOk) return { kind: 'success' };
    return {
      kind: 'raw',
      body: result.body.toString('latin1'),
      contentType: result.contentType ?? 'text/plain; charset=utf-8',
    };
  }

  /** For WeChat's next attempt, which another process may get. */
  private async keep(platformId: number, key: Buffer, answer: Answer): Promise<void> {
    await this.db.run(KEEP_ANSWER, [
      platformId,
      key,
      this.sealer.seal(JSON.stringify(answer), relayAnswerPlace(platformId, key)),
    ]);
  }

  /** The answer of the call, made by any process; null when it is not there by then. */
  private async answerBy(
    id: string,
    push: RelayedPush,
    parts: PushParts,
    key: Buffer,
    relay: Relay,
    deadlineMs: number,
  ): Promise<Answer | null> {
    for (;;) {
      const left = deadlineMs - performance.now();
      const here = this.running.get(id);
      if (here) return left <= 0 ? null : Promise.race([here, sleep(left).then(() => null)]);
      const [row] = await this.db.query<{ state: 'running' | 'answered'; sealed: Buffer | null; isFree: boolean }>(
        SELECT_CALL,
        [push.platformId, key],
      );
      if (!row || row.state === 'answered') {
        if (!row?.sealed) return { kind: 'success' }; // long answered
        return JSON.parse(this.sealer.open(row.sealed, relayAnswerPlace(push.platformId, key)).reveal()) as Answer;
      }
      if (row.isFree) {
        // The process that asked is gone.
        if (!(await this.claim(push, key, [], true))) {
          const isOver = await this.isOld(push.platformId, key);
          if (isOver) return { kind: 'success' };
        } else {
          this.start(id, push, parts, key, relay);
          continue;
        }
      }
      if (left <= 0) return null;
      await sleep(Math.min(POLL_MS, left));
    }
  }

  private async isOld(platformId: number, key: Buffer): Promise<boolean> {
    const [row] = await this.db.query<{ old: boolean }>(IS_OLD_CALL, [platformId, key]);
    return row?.old ?? true;
  }

  private deliverSoon(platformId: number, relays: readonly Relay[]): void {
    for (const { name } of relays) void this.drain(platformId, name);
  }

  /** One drain of a relay at a time in this process; rows are claimed one batch at a time, so several processes may drain it. */
  private drain(platformId: number, name: string): Promise<void> {
    const id = `${platformId}:${name}`;
    const present = this.draining.get(id);
    if (present) return present;
    const run = this.drainOnce(platformId, name)
      .catch((error: unknown) => this.log.warn('relay.drain_failed', { relay: name, error }))
      .finally(() => this.draining.delete(id));
    this.draining.set(id, run);
    return run;
  }

  private async drainOnce(platformId: number, name: string): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const relay = (await this.relaysOf(platformId)).find((each) => each.name === name);
      if (!relay) return;
      const messages = await this.db.query<DueMessage>(CLAIM_DUE_MESSAGES, [
        platformId,
        name,
        this.options.relayNotifyConcurrency,
        this.options.leaseSeconds,
      ]);
      if (messages.length === 0) return;
      const succeeded = await Promise.all(messages.map((message) => this.deliver(relay, message)));
      // A backend that takes nothing is left alone until the next tick.
      if (!succeeded.includes(true)) return;
    }
  }

  private async deliver(relay: Relay, message: DueMessage): Promise<boolean> {
    const { platform_id: platformId, message_key: key, lease_generation: generation } = message;
    const content = JSON.parse(
      this.sealer.open(message.sealed_body, relayBodyPlace(platformId, key, relay.name)).reveal(),
    ) as { json: string } | { query: string; body: string };
    const seconds = Math.floor(Date.now() / 1000);
    const isRaw = 'query' in content;
    const body = isRaw ? content.body : content.json;
    const result = await this.sender.post({
      url: isRaw ? withQuery(relay.url, content.query) : relay.url,
      headers: {
        'content-type': isRaw ? 'text/xml' : 'application/json',
        'user-agent': this.options.userAgent,
        ...(isRaw ? {} : signedHeaders([relay.secret], relayMessageId(key), seconds, body)),
      },
      body,
      timeoutMs: this.options.attemptTimeoutMs,
      keepBytes: 0,
      signal: this.stopping.signal,
    });
    const isOk = result.status !== null && result.status >= 200 && result.status < 300;
    const of = [platformId, key, relay.name, generation];
    this.outcomes.inc({ mode: 'notify', outcome: isOk ? 'delivered' : (result.error ?? 'status') });
    if (isOk) {
      await this.db.run(DELETE_DELIVERED_MESSAGE, of);
      return true;
    }
    const delay =
      result.error === 'aborted'
        ? 0
        : (retryDelaySeconds(message.attempts + 1, result.retryAfterSeconds) ?? DAY_SECONDS);
    await this.db.run(POSTPONE_MESSAGE, [...of, delay]);
    return false;
  }
}

/** The same for every delivery of a message. */
function relayMessageId(key: Buffer): string {
  return `msg_${key.toString('hex').slice(0, 32)}`;
}

function withQuery(url: string, query: string): string {
  if (query === '') return url;
  return url + (url.includes('?') ? '&' : '?') + query;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
