import http from 'node:http';
import https from 'node:https';
import { randomBytes, randomInt } from 'node:crypto';

import { decodeAesKey, encryptPush, pushSignature } from '#libs/wechat-wire';

import type { SimulatedClock } from './clock.ts';
import type { Platform } from './platform.ts';
import { envelopeXml } from './push-texts.ts';
import type { PushFault, PushFaults } from './push-faults.ts';

/** One push to be delivered, before signature and encryption. */
export interface Push {
  readonly platform: Platform;
  /** `InfoType` of system pushes; `message` for what goes to the message URL. */
  readonly infoType: string;
  readonly authorizerAppid: string;
  readonly url: string;
  readonly plaintext: string;
  readonly receiver: { AppId: string } | { ToUserName: string };
  /** Only user-message pushes carry it. */
  readonly openid?: string;
  /** `text`, or the event, of what goes to the message URL. */
  readonly about?: string;
}

/** What came of one push. `ok` is 200 and the plain body `success` within 5 s; messages may have another body, everything else is a failed push. */
export interface Delivery {
  readonly id: number;
  readonly componentAppid: string;
  readonly infoType: string;
  readonly authorizerAppid: string;
  /** `text`, or the event, of what went to the message URL; empty for system pushes. */
  readonly about: string;
  /** 1, and 2 or 3 when WeChat asks again with the same message. */
  readonly attempt: number;
  /** Simulated milliseconds of sending. */
  readonly at: number;
  readonly status: number | null;
  readonly body: string;
  /** Real milliseconds until the answer. */
  readonly ms: number;
  readonly ok: boolean;
  readonly error: string | null;
  /** Name of the injected push fault, null without one. */
  readonly fault: string | null;
  /** Query and body as sent, so that a spec can replay them; null when the push was dropped. */
  readonly sent: { readonly url: string; readonly body: string } | null;
}

const ANSWER_WITHIN_MS = 5_000;
/** Of a message that is not answered (WeChat page "receive messages": 5 s, and again up to three times in total). */
export const MESSAGE_ATTEMPTS = 3;
const KEPT_DELIVERIES = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Signs, encrypts and delivers pushes; repeats, delays, reorders, drops and spoils them on demand. */
export class Pusher {
  readonly #clock: SimulatedClock;
  readonly #faults: PushFaults;
  readonly #http = new http.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #https = new https.Agent({ keepAlive: true, maxSockets: 64 });
  readonly #kept: Delivery[] = [];
  readonly #held = new Map<string, (() => void)[]>();
  readonly #waiting = new Set<() => void>();
  readonly #inFlight = new Set<Promise<unknown>>();
  #count = 0;
  #failed = 0;
  #stopped = false;

  constructor(clock: SimulatedClock, faults: PushFaults) {
    this.#clock = clock;
    this.#faults = faults;
  }

  /** Deliveries so far, oldest first (at most the last 5,000). */
  get deliveries(): readonly Delivery[] {
    return this.#kept;
  }

  /** Whether something is on its way. */
  get isBusy(): boolean {
    return this.#inFlight.size > 0;
  }

  get counts(): { sent: number; failed: number } {
    return { sent: this.#count, failed: this.#failed };
  }

  /** Delivers one push, faults included, and says how it ended. Never rejects. */
  async deliver(push: Push, attempt = 1): Promise<Delivery> {
    const work = this.#deliver(push, attempt);
    this.#inFlight.add(work);
    try {
      return await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }

  /**
   * Delivers a message until it is answered, three times at most. Each attempt is the same text, encrypted and signed by
   * itself. No answer is: nothing within 5 s, a broken connection, or a status other than 200 (the latter is not documented).
   */
  async deliverMessage(push: Push): Promise<Delivery[]> {
    const attempts: Delivery[] = [];
    while (attempts.length < MESSAGE_ATTEMPTS && !this.#stopped) {
      const delivery = await this.deliver(push, attempts.length + 1);
      attempts.push(delivery);
      if (delivery.status === 200) break;
    }
    return attempts;
  }

  /** Sends bytes that were sent before once more, as WeChat's own repetition would. */
  async resend(delivery: Delivery): Promise<Delivery> {
    if (delivery.sent === null) throw new Error('this push was never sent');
    return this.#record(
      { ...delivery, attempt: delivery.attempt + 1 },
      null,
      delivery.sent,
      await this.#post(delivery.sent.url, delivery.sent.body),
    );
  }

  /** Forgets the deliveries and their counts. */
  reset(): void {
    this.#kept.length = 0;
    this.#count = 0;
    this.#failed = 0;
  }

  /** Waits until nothing is on its way any more. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  /** Lets go of everything that is held back and closes the connections. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const release of [...this.#held.values()].flat()) release();
    for (const wake of this.#waiting) wake();
    await this.idle();
    this.#http.destroy();
    this.#https.destroy();
  }

  async #deliver(bare: Push, attempt: number): Promise<Delivery> {
    const push = { ...bare, attempt };
    const fault = this.#faults.take(push);
    if (fault?.kind === 'drop')
      return this.#record(push, fault, null, { status: null, body: '', ms: 0, error: 'dropped' });
    if (fault?.kind === 'delay') await this.#pause(fault.delayMs ?? 1_000);
    if (fault?.kind === 'reorder' && !this.#stopped) await this.#holdUntilNext(push.platform.componentAppid);
    const sent = seal(push, this.#clock.nowSeconds(), fault);
    const delivery = this.#record(push, fault, sent, await this.#post(sent.url, sent.body));
    if (fault?.kind === 'duplicate') {
      for (let copy = 1; copy < (fault.copies ?? 2); copy += 1)
        this.#record(push, fault, sent, await this.#post(sent.url, sent.body));
    }
    if (fault?.kind !== 'reorder') this.#releaseHeld(push.platform.componentAppid);
    return delivery;
  }

  #record(
    push: { infoType: string; authorizerAppid: string; about?: string; attempt: number } & (
      { platform: Platform } | { componentAppid: string }
    ),
    fault: PushFault | null,
    sent: Delivery['sent'],
    answer: { status: number | null; body: string; ms: number; error: string | null },
  ): Delivery {
    const isAcknowledged = push.infoType === 'message' || answer.body === 'success';
    const ok = answer.status === 200 && isAcknowledged && answer.ms <= ANSWER_WITHIN_MS;
    const delivery: Delivery = {
      id: (this.#count += 1),
      componentAppid: 'platform' in push ? push.platform.componentAppid : push.componentAppid,
      infoType: push.infoType,
      authorizerAppid: push.authorizerAppid,
      about: push.about ?? '',
      attempt: push.attempt,
      at: this.#clock.nowMs(),
      ...answer,
      ok,
      fault: fault?.kind ?? null,
      sent,
    };
    if (!ok) this.#failed += 1;
    this.#kept.push(delivery);
    if (this.#kept.length > KEPT_DELIVERIES) this.#kept.splice(0, this.#kept.length - KEPT_DELIVERIES);
    return delivery;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting.add(wake);
    });
  }

  async #holdUntilNext(componentAppid: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#held.set(componentAppid, [...(this.#held.get(componentAppid) ?? []), resolve]);
    });
  }

  #releaseHeld(componentAppid: string): void {
    const held = this.#held.get(componentAppid) ?? [];
    this.#held.delete(componentAppid);
    for (const release of held) release();
  }

  async #post(
    url: string,
    body: string,
  ): Promise<{ status: number | null; body: string; ms: number; error: string | null }> {
    const startedAt = performance.now();
    const elapsed = (): number => Math.round((performance.now() - startedAt) * 10) / 10;
    return new Promise((resolve) => {
      const failed = (error: Error): void => resolve({ status: null, body: '', ms: elapsed(), error: error.message });
      let request: http.ClientRequest;
      try {
        const target = new URL(url);
        const secure = target.protocol === 'https:';
        request = (secure ? https : http).request(target, {
          method: 'POST',
          agent: secure ? this.#https : this.#http,
          headers: {
            'content-type': 'text/xml',
            'content-length': Buffer.byteLength(body),
            'user-agent': 'Mozilla/4.0',
          },
        });
      } catch (error) {
        failed(error as Error);
        return;
      }
      const limit = setTimeout(() => request.destroy(new Error('no answer within 5 seconds')), ANSWER_WITHIN_MS);
      request.on('error', (error) => {
        clearTimeout(limit);
        failed(error);
      });
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_ANSWER_BYTES) request.destroy(new Error('answer too long'));
        });
        response.on('error', failed);
        response.on('end', () => {
          clearTimeout(limit);
          resolve({ status: response.statusCode ?? null, body: text, ms: elapsed(), error: null });
        });
      });
      request.end(body);
    });
  }
}

function seal(push: Push, timestampSeconds: number, fault: PushFault | null): { url: string; body: string } {
  const { platform } = push;
  const timestamp = String(timestampSeconds);
  const nonce = String(randomInt(100_000_000, 2_000_000_000));
  const aesKey =
    fault?.kind === 'wrongKey' ? decodeAesKey(randomBytes(43).toString('hex').slice(0, 43)) : platform.aesKey;
  const receiveId = fault?.kind === 'wrongReceiveId' ? 'wx0000000000000000' : platform.componentAppid;
  const encrypt = encryptPush(aesKey, receiveId, push.plaintext);
  const token = fault?.kind === 'badSignature' ? `${platform.token}x` : platform.token;
  const url = new URL(push.url);
  url.searchParams.set('signature', pushSignature(token, timestamp, nonce));
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set('nonce', nonce);
  if (push.openid !== undefined) url.searchParams.set('openid', push.openid);
  url.searchParams.set('encrypt_type', 'aes');
  url.searchParams.set('msg_signature', pushSignature(token, timestamp, nonce, encrypt));
  return { url: url.href, body: envelopeXml(push.receiver, encrypt) };
}
