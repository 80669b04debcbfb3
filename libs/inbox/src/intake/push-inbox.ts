import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ComponentAccounts } from '#libs/custody';
import { AppError, Batcher, Metrics, Sealer, Secret } from '#libs/kernel';
import { type PushMessage, buildTextReply, publicationCheckStep, sealReply } from '#libs/wechat-wire';
import { PUBLICATION_CHECK, createTimeOf, isAppid, planPush } from './push-record.ts';
import { sealedBodyPlace } from '../push-seal.ts';
import { InboxOptions } from '../inbox-options.ts';
import { PushStore, type PushToStore, type PushVerdict } from './push-store.ts';
import {
  DECOY_KEYS,
  PushRefused,
  type OpenedPush,
  openVerified,
  readPushEnvelope,
  readPushQuery,
} from './push-verification.ts';

export interface PushRequest {
  /** From the URL: whose keys apply. */
  componentAppid: string;
  /** From the message URL; absent on the event URL. */
  authorizerAppid?: string;
  query: Readonly<Record<string, unknown>>;
  /** The raw body, whatever its Content-Type said. */
  body: string | Buffer;
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
 * foreign, stale or oversized changes nothing. With PostgreSQL away `accept` rejects: WeChat repeats, or reconciliation
 * repairs.
 */
@Injectable()
export class PushInbox implements OnApplicationShutdown {
  private readonly batcher: Batcher<PushToStore, PushVerdict>;
  private readonly outcomes;

  constructor(
    private readonly accounts: ComponentAccounts,
    store: PushStore,
    private readonly sealer: Sealer,
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
  }

  /** The listener has stopped by then; what it acknowledged is durable already. */
  onApplicationShutdown(): Promise<void> {
    return this.drained();
  }

  /**
   * Verifies, opens and stores one push.
   * @throws AppError invalid_request (not a push), payload_too_large, not_found (unknown platform), forbidden (forged,
   * foreign or stale)
   */
  async accept(request: PushRequest): Promise<AcceptedPush> {
    try {
      return await this.take(request);
    } catch (error) {
      if (error instanceof AppError) this.outcomes.inc({ outcome: error.code });
      else this.outcomes.inc({ outcome: 'not_stored' });
      throw error;
    }
  }

  /** Waits until nothing is on its way into the database. */
  drained(): Promise<void> {
    return this.batcher.drained();
  }

  private async take(request: PushRequest): Promise<AcceptedPush> {
    const { componentAppid, authorizerAppid } = request;
    const query = readPushQuery(request.query);
    const envelope = readPushEnvelope(request.body, this.options.maxBodyBytes);
    const keys = isAppid(componentAppid) ? await this.accounts.pushKeys(componentAppid) : null;
    const opened = unlessUnknown(keys !== null, () =>
      openVerified(componentAppid, keys ?? DECOY_KEYS, query, envelope),
    );
    if (!keys || !opened) throw new AppError('not_found', 'there is no such platform');

    const digest = createHash('sha256').update(envelope.encrypt, 'latin1').digest();
    const check = authorizerAppid === undefined ? null : publicationCheckStep(authorizerAppid, opened.message);
    const toStore = this.prepare(keys.platformId, digest, Number(query.timestamp), opened);
    if (check?.step === 'exchange_and_send') {
      toStore.store = true;
      toStore.infoType = PUBLICATION_CHECK;
      toStore.authorizerAppid = authorizerAppid as string;
      toStore.state = 'pending';
      toStore.sealedBody = this.seal(keys.platformId, digest, opened.plaintext);
    }
    const verdict = await this.batcher.add(toStore);
    if (verdict.verdict === 'refused') throw verdict.error;
    if (verdict.verdict === 'stale') {
      throw new AppError('forbidden', 'the push is too old or from the future', { cause: new PushRefused('stale') });
    }
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

  private prepare(platformId: number, digest: Buffer, signedAt: number, opened: OpenedPush): PushToStore {
    const plan = planPush(opened.message);
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
    };
  }

  /** Events hold authorization codes, so bodies never touch the disk in the clear. */
  private seal(platformId: number, digest: Buffer, plaintext: string): Buffer {
    return this.sealer.seal(plaintext, sealedBodyPlace(platformId, digest));
  }
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
