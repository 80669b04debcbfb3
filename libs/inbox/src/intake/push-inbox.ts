import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ComponentAccounts } from '#libs/custody';
import { AppError, Batcher, Log, Metrics, Sealer, Secret, currentTraceparent } from '#libs/kernel';
import {
  type PushEnvelope,
  type PushMessage,
  buildTextReply,
  publicationCheckStep,
  sealReply,
  verifyPushSignature,
} from '#libs/wechat-wire';
import { PUBLICATION_CHECK, createTimeOf, isAppid, planPush } from './push-record.ts';
import { sealedBodyPlace } from '../push-seal.ts';
import { InboxOptions } from '../inbox-options.ts';
import { PushStore, type PushVerdict } from './push-store.ts';
import type { PushToStore } from './push-to-store.ts';
import {
  DECOY_KEYS,
  type OpenedPush,
  PushRefused,
  type PushQuery,
  openVerified,
  readPushEnvelope,
  readPushQuery,
} from './push-verification.ts';
import { MissedPushes } from './missed-pushes.ts';
import { RefusedPushes } from './refused-pushes.ts';
import { isTestPush } from './test-push.ts';

export interface PushRequest {
  /** From the URL: whose keys apply. */
  componentAppid: string;
  /** From the message URL; absent on the event URL. */
  authorizerAppid?: string;
  query: Readonly<Record<string, unknown>>;
  /** The raw body, whatever its Content-Type said. */
  body: string | Buffer;
  /** Address of the sender as the hub sees it; shown with what was refused. */
  address?: string;
}

export interface AcceptedPush {
  status: 'accepted' | 'duplicate';
  message: PushMessage;
  /** What to answer instead of `success`: encrypted XML, or '' for an empty answer. */
  reply?: string;
  /** For those that pass it on: what it said, and how an answer is encrypted and signed. Absent when the hub itself answers. */
  opened?: { platformId: number; plaintext: string; seal: (plaintext: string) => string };
}

/**
 * The way in for everything WeChat pushes. A push is acknowledged when it is durable and not before; what is forged,
 * foreign or oversized changes nothing. With PostgreSQL away `accept` rejects: WeChat repeats, or reconciliation
 * repairs.
 */
@Injectable()
export class PushInbox implements OnApplicationShutdown {
  private readonly batcher: Batcher<PushToStore, PushVerdict>;
  private readonly outcomes;
  private readonly offClock;
  private clockWarnedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly accounts: ComponentAccounts,
    store: PushStore,
    private readonly refused: RefusedPushes,
    private readonly missed: MissedPushes,
    private readonly sealer: Sealer,
    private readonly log: Log,
    metrics: Metrics,
    private readonly options: InboxOptions,
  ) {
    // Two batches at once: one is on the disk while the next one is being put together.
    this.batcher = new Batcher({
      maxSize: options.batchSize,
      concurrency: 2,
      write: (items) => store.write(items),
    });
    this.outcomes = metrics.counter('wxfleet_pushes_total', 'Pushes of WeChat by outcome', ['outcome']);
    this.offClock = metrics.counter(
      'wxfleet_pushes_off_clock_total',
      "Pushes whose signed time is far ahead of the database's clock, or far behind it",
      ['direction'],
    );
  }

  /** The listener has stopped by then; what it acknowledged is durable already. */
  onApplicationShutdown(): Promise<void> {
    return this.drained();
  }

  /**
   * Verifies, opens and stores one push.
   * @throws AppError invalid_request (not a push), payload_too_large, not_found (unknown platform), forbidden (forged or
   * foreign)
   */
  async accept(request: PushRequest): Promise<AcceptedPush> {
    try {
      return await this.take(request);
    } catch (error) {
      if (error instanceof AppError) this.outcomes.inc({ outcome: error.code });
      else {
        this.outcomes.inc({ outcome: 'not_stored' });
        this.missed.noteUnstored(request.componentAppid);
      }
      throw error;
    }
  }

  /**
   * The handshake by which WeChat checks a URL of an ordinary account; for a platform's URLs it is not documented, and SDKs
   * answer it.
   * @returns the `echostr`
   * @throws AppError invalid_request, not_found (unknown platform), forbidden (the signature does not fit)
   */
  async echo(componentAppid: string, query: Readonly<Record<string, unknown>>): Promise<string> {
    const { timestamp, nonce, signature, msg_signature: signatureOfText, echostr } = query;
    for (const value of [timestamp, nonce, signature ?? signatureOfText]) {
      if (typeof value !== 'string' || value.length > 128) throw AppError.invalid('signature', 'is not that of WeChat');
    }
    if (typeof echostr !== 'string' || !/^[\w+/=.~-]{1,1024}$/.test(echostr)) {
      throw AppError.invalid('echostr', 'must be 1 to 1024 letters, digits or + / = . _ ~ -');
    }
    const keys = isAppid(componentAppid) ? await this.accounts.pushKeys(componentAppid) : null;
    const { tokens } = keys ?? DECOY_KEYS;
    const signed = { timestamp: timestamp as string, nonce: nonce as string };
    const isGood =
      verifyPushSignature(tokens, { ...signed, msg_signature: String(signature) }) ||
      verifyPushSignature(tokens, { ...signed, msg_signature: String(signatureOfText) }, echostr);
    if (!keys) throw new AppError('not_found', 'there is no such platform');
    if (!isGood) throw new AppError('forbidden', 'the request is not from WeChat for this platform');
    return echostr;
  }

  /** Waits until nothing is on its way into the database. */
  drained(): Promise<void> {
    return this.batcher.drained();
  }

  private async take(request: PushRequest): Promise<AcceptedPush> {
    const { componentAppid, authorizerAppid } = request;
    const keys = isAppid(componentAppid) ? await this.accounts.pushKeys(componentAppid) : null;
    let query: PushQuery;
    let opened: OpenedPush | null;
    let envelope: PushEnvelope;
    try {
      query = readPushQuery(request.query);
      envelope = readPushEnvelope(request.body, this.options.maxBodyBytes);
      opened = unlessUnknown(keys !== null, () => openVerified(componentAppid, keys ?? DECOY_KEYS, query, envelope));
    } catch (error) {
      if (error instanceof AppError) this.noteRefused(request, keys?.platformId ?? null, reasonOf(error));
      throw error;
    }
    if (!opened) this.noteRefused(request, null, 'unknown_platform');
    if (!keys || !opened) throw new AppError('not_found', 'there is no such platform');

    if (isTestPush(opened.message)) return { status: 'accepted', message: opened.message };

    const digest = createHash('sha256').update(envelope.encrypt, 'latin1').digest();
    const check = authorizerAppid === undefined ? null : publicationCheckStep(authorizerAppid, opened.message);
    const toStore = this.prepare(keys.platformId, digest, Number(query.timestamp), opened, authorizerAppid);
    if (check?.step === 'exchange_and_send') {
      toStore.store = true;
      toStore.infoType = PUBLICATION_CHECK;
      toStore.authorizerAppid = authorizerAppid as string;
      toStore.state = 'pending';
      toStore.sealedBody = this.seal(keys.platformId, digest, opened.plaintext);
    }
    const verdict = await this.batcher.add(toStore);
    if (verdict.verdict === 'refused') throw verdict.error;
    this.compareClocks(componentAppid, verdict.aheadSeconds);
    this.outcomes.inc({ outcome: verdict.verdict });
    if (opened.token !== keys.tokens[0] || opened.aesKey !== keys.aesKeys[0]) {
      // The push is stored: what cannot be counted now is counted less.
      await this.accounts.countPreviousPushSecrets(keys.platformId).catch(() => undefined);
    }
    const { message } = opened;
    const status = verdict.verdict;
    if (check?.step === 'exchange_and_send') return { status, message, reply: '' };
    if (check?.step !== 'reply' || (message.kind !== 'text' && message.kind !== 'event')) {
      const seal = (plaintext: string) =>
        sealReply({
          token: opened.token,
          aesKey: opened.aesKey,
          receiveId: componentAppid,
          plaintext,
          timestamp: String(Math.floor(verdict.now.getTime() / 1000)),
          nonce: query.nonce,
        });
      return { status, message, opened: { platformId: keys.platformId, plaintext: opened.plaintext, seal } };
    }
    const seconds = Math.floor(verdict.now.getTime() / 1000);
    const plaintext = buildTextReply({
      toUserName: message.fromUserName,
      fromUserName: message.toUserName,
      createTime: seconds,
      content: check.content,
    });
    const { aesKey, token } = opened;
    const { nonce } = query;
    const reply = sealReply({ token, aesKey, receiveId: componentAppid, plaintext, timestamp: String(seconds), nonce });
    return { status, message, reply };
  }

  private noteRefused(request: PushRequest, platformId: number | null, reason: string): void {
    const { componentAppid, authorizerAppid, address = null } = request;
    const path = `/wechat/${componentAppid}/${authorizerAppid === undefined ? 'events' : `messages/${authorizerAppid}`}`;
    this.refused.note(platformId, { path: path.slice(0, 200), address, reason });
  }

  /** WeChat has signed it, so it is taken; but one of the two clocks is wrong, or somebody repeats an old push. */
  private compareClocks(componentAppid: string, aheadSeconds: number): void {
    const { pastSeconds, futureSeconds } = this.options.window;
    if (aheadSeconds <= futureSeconds && aheadSeconds >= -pastSeconds) return;
    this.offClock.inc({ direction: aheadSeconds > 0 ? 'ahead' : 'behind' });
    const nowMs = performance.now();
    if (nowMs - this.clockWarnedMs < CLOCK_WARNING_MS) return;
    this.clockWarnedMs = nowMs;
    const reason = 'the signed time of a push and the clock of the database differ: compare both with a time server';
    this.log.warn('push.clock_differs', { componentAppid, pushAheadSeconds: Math.round(aheadSeconds), reason });
  }

  private prepare(
    platformId: number,
    digest: Buffer,
    signedAt: number,
    opened: OpenedPush,
    urlAppid: string | undefined,
  ): PushToStore {
    const plan = planPush(opened.message, urlAppid);
    const keepBody = plan.kind === 'dispatch' || plan.kind === 'keep';
    return {
      platformId,
      digest,
      store: plan.kind !== 'pass',
      infoType: plan.kind === 'pass' ? '' : plan.infoType,
      authorizerAppid: 'authorizerAppid' in plan ? plan.authorizerAppid : '',
      signedAt,
      createdAt: createTimeOf(opened.message),
      sealedBody: keepBody ? this.seal(platformId, digest, opened.plaintext) : null,
      state: plan.kind === 'dispatch' ? 'pending' : plan.kind === 'keep' ? 'unhandled' : 'handled',
      ticket: plan.kind === 'ticket' ? new Secret(plan.ticket) : null,
      // The batch is written outside of the request.
      traceparent: currentTraceparent(),
    };
  }

  /** Events hold authorization codes, so bodies never touch the disk in the clear. */
  private seal(platformId: number, digest: Buffer, plaintext: string): Buffer {
    return this.sealer.seal(plaintext, sealedBodyPlace(platformId, digest));
  }
}

/** Between two lines of the log about clocks. */
const CLOCK_WARNING_MS = 60_000;

function reasonOf(error: AppError): string {
  if (error.cause instanceof PushRefused) return error.cause.message;
  return error.code === 'invalid_request' ? 'malformed' : error.code;
}

/** For an unknown platform the work is done all the same, and its result is of no interest. */
function unlessUnknown(known: boolean, open: () => OpenedPush): OpenedPush | null {
  try {
    return open();
  } catch (error) {
    if (known || !(error instanceof AppError)) throw error;
    return null;
  }
}
