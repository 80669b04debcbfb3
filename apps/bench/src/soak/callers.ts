import { handOutPath } from '../hand-out.ts';
import type { HubProcess, Platform } from '../stage.ts';
import { pause } from '../waiting.ts';
import { REPORTED } from './account.ts';
import type { Dice } from '../dice.ts';
import type { Disturbance, Handout } from './evidence.ts';
import { serialOf } from './token-rows.ts';

interface TokenAnswer {
  access_token: string;
  expires_at: string;
  expires_in: number;
}

/** A hub process with the name under which WeChat's side knows it. */
export interface NamedHub {
  name: string;
  hub: Pick<HubProcess, 'call'>;
}

export interface CallersParts {
  /** Those that live at the moment. */
  hubs: () => readonly NamedHub[];
  wechatUrl: string;
  platform: Platform;
  appids: readonly string[];
  dice: Dice;
  disturb: (disturbance: Disturbance) => void;
}

/** Share of hand-outs after which somebody claims that WeChat had refused the token. */
const REPORTED_SHARE = 0.01;

/** Callers that ask any hub for any merchant's token, and try every token at WeChat at once. */
export class Callers {
  readonly handouts: Handout[] = [];
  /** Refused hand-outs by code; `network` for a hub that was away, `no answer` for one that kept its caller waiting. */
  readonly refused = new Map<string, number>();
  private stopped = false;
  private running: Promise<void>[] = [];

  constructor(private readonly parts: CallersParts) {}

  start(count: number): void {
    this.running = Array.from({ length: count }, () => this.call());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  /** One hand-out, tried at WeChat. @returns whether there was a token that WeChat takes */
  async use(hub: NamedHub, appid: string): Promise<boolean> {
    const askedAt = Date.now();
    const answer = await this.ask(hub, appid);
    if (answer === null) return false;
    const answeredAt = Date.now();
    const errcode = await this.tryAtWechat(answer.access_token);
    this.handouts.push({
      appid,
      hub: hub.name,
      askedAt,
      answeredAt,
      triedAt: Date.now(),
      serial: serialOf(answer.access_token),
      expiresInSeconds: answer.expires_in,
      expiresAt: Date.parse(answer.expires_at),
      errcode,
    });
    if (this.parts.dice.next() < REPORTED_SHARE && !this.stopped) await this.report(hub, appid, answer.access_token);
    return errcode === 0;
  }

  private async call(): Promise<void> {
    const { hubs, dice, appids } = this.parts;
    while (!this.stopped) {
      const alive = hubs();
      const served = alive.length > 0 && (await this.use(dice.pick(alive), dice.pick(appids)));
      await pause(served ? dice.between(0, 20) : 20);
    }
  }

  private async report(hub: NamedHub, appid: string, token: string): Promise<void> {
    const from = Date.now();
    // Said before and not after: what it causes may come at once, and the answer never.
    const report = { kind: REPORTED, from, to: Number.POSITIVE_INFINITY, appids: new Set([appid]) };
    this.parts.disturb(report);
    await this.ask(hub, appid, token);
    report.to = Date.now();
  }

  private async ask({ hub }: NamedHub, appid: string, rejected?: string): Promise<TokenAnswer | null> {
    const path = handOutPath(this.parts.platform.componentAppid, appid);
    try {
      const body = rejected === undefined ? undefined : { rejected_access_token: rejected };
      const answer = await hub.call<TokenAnswer & { code?: string }>('POST', path, body);
      if (answer.status === 200) return answer.body;
      this.refuse(answer.body.code ?? String(answer.status));
    } catch (error) {
      this.refuse((error as Error).name === 'TimeoutError' ? 'no answer' : 'network');
    }
    return null;
  }

  private async tryAtWechat(token: string): Promise<number | null> {
    const url = `${this.parts.wechatUrl}/wxa/get_effective_domain?access_token=${encodeURIComponent(token)}`;
    const reply = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(10_000) }).catch(
      () => null, // a kept connection that was just being closed; the next token is tried
    );
    return reply ? (((await reply.json()) as { errcode?: number }).errcode ?? 0) : null;
  }

  private refuse(code: string): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }
}
