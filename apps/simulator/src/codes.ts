import { Refusal } from './refusal.ts';

/** Seconds an authorization code lives: 3600 as live redirects and pushes show (the page's sample says 600). */
export const AUTH_CODE_LIFETIME_S = 3_600;
/** Seconds a pre-auth code lives: 1800 as the prose and a live response say (the sample says 600). */
export const PRE_AUTH_CODE_LIFETIME_S = 1_800;

export interface AuthCode {
  readonly code: string;
  readonly componentAppid: string;
  readonly appid: string;
  readonly epoch: number;
  /** Simulated Unix seconds. */
  readonly expiresAt: number;
  used: boolean;
}

export interface PreAuthCode {
  readonly code: string;
  readonly componentAppid: string;
  readonly expiresAt: number;
}

const SWEEP_ABOVE = 10_000;
const KEPT_AFTER_EXPIRY_S = 86_400;

/** Pre-auth and authorization codes; forgotten a day after they expired. */
export class Codes {
  readonly authCodes = new Map<string, AuthCode>();
  readonly preAuthCodes = new Map<string, PreAuthCode>();
  #sweepAt = SWEEP_ABOVE;

  addAuthCode(code: AuthCode, now: number): void {
    this.#sweep(now);
    this.authCodes.set(code.code, code);
  }

  addPreAuthCode(code: PreAuthCode, now: number): void {
    this.#sweep(now);
    this.preAuthCodes.set(code.code, code);
  }

  /**
   * The code for its first use: 61009 unknown or of another platform (also a pre-auth code passed by mistake), 61010 expired or
   * used before (both observed, the page lists neither).
   */
  redeemable(code: string, componentAppid: string, now: number): AuthCode {
    const found = this.authCodes.get(code);
    if (found === undefined || found.componentAppid !== componentAppid) throw new Refusal(61009);
    if (found.used || now >= found.expiresAt) throw new Refusal(61010);
    return found;
  }

  /** A pre-auth code that still opens an authorization page; null otherwise. */
  openPreAuthCode(code: string, componentAppid: string, now: number): PreAuthCode | null {
    const found = this.preAuthCodes.get(code);
    return found !== undefined && found.componentAppid === componentAppid && now < found.expiresAt ? found : null;
  }

  #sweep(now: number): void {
    if (this.authCodes.size + this.preAuthCodes.size < this.#sweepAt) return;
    for (const codes of [this.authCodes, this.preAuthCodes]) {
      for (const [code, { expiresAt }] of codes) if (expiresAt + KEPT_AFTER_EXPIRY_S < now) codes.delete(code);
    }
    this.#sweepAt = Math.max(SWEEP_ABOVE, 2 * (this.authCodes.size + this.preAuthCodes.size));
  }
}
