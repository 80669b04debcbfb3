import type { HubProcess, Platform } from '../stage.ts';
import { pause } from '../waiting.ts';
import type { Disturbance } from './account.ts';
import type { Dice } from './dice.ts';

interface TokenAnswer {
  access_token: string;
  expires_at: string;
  expires_in: number;
}

export interface CallerFindings {
  handedOut: number;
  /** Refused hand-outs by code; `network` for a hub that was away, `no answer` for one that kept its caller waiting. */
  refused: Map<string, number>;
  /** Tokens that were over when they came. */
  expired: string[];
  /** Tokens that WeChat did not know any more although their time was not over. */
  dead: { appid: string; at: number; errcode: number }[];
}

/** Callers that ask any hub for any merchant's token, and try every token at WeChat at once. */
export class Callers {
  readonly findings: CallerFindings = { handedOut: 0, refused: new Map(), expired: [], dead: [] };
  private stopped = false;
  private running: Promise<void>[] = [];

  constructor(
    private readonly hubs: () => readonly HubProcess[],
    private readonly wechatUrl: string,
    private readonly platform: Platform,
    private readonly appids: readonly string[],
    private readonly dice: Dice,
    private readonly disturb: (disturbance: Disturbance) => void,
  ) {}

  start(count: number): void {
    this.running = Array.from({ length: count }, () => this.call());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  /** One hand-out; null when it was refused. */
  async ask(hub: HubProcess, appid: string, rejected?: string): Promise<TokenAnswer | null> {
    const path = `/v1/platforms/${this.platform.componentAppid}/authorizers/${appid}/access-token`;
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

  private async call(): Promise<void> {
    while (!this.stopped) {
      const appid = this.dice.pick(this.appids);
      const hubs = this.hubs();
      if (hubs.length === 0) {
        await pause(20);
        continue;
      }
      const hub = this.dice.pick(hubs);
      const answer = await this.ask(hub, appid);
      if (answer === null) await pause(20);
      else {
        await this.check(appid, answer);
        // Now and then somebody claims that WeChat refused the token.
        if (this.dice.next() < 0.01) {
          this.disturb({ kind: 'rejected token reported', from: Date.now(), to: Date.now(), appids: new Set([appid]) });
          await this.ask(hub, appid, answer.access_token);
        }
      }
      await pause(this.dice.between(0, 20));
    }
  }

  private async check(appid: string, answer: TokenAnswer): Promise<void> {
    this.findings.handedOut += 1;
    if (answer.expires_in <= 0 || Date.parse(answer.expires_at) <= Date.now()) this.findings.expired.push(appid);
    const url = `${this.wechatUrl}/wxa/get_effective_domain?access_token=${encodeURIComponent(answer.access_token)}`;
    const reply = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(10_000) }).catch(
      () => null,
    );
    if (!reply) return; // a kept connection that was just being closed; the next token is tried
    const { errcode } = (await reply.json()) as { errcode?: number };
    if (errcode !== undefined && errcode !== 0) this.findings.dead.push({ appid, at: Date.now(), errcode });
  }

  private refuse(code: string): void {
    this.findings.refused.set(code, (this.findings.refused.get(code) ?? 0) + 1);
  }
}
