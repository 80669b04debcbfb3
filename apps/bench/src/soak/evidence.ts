/** Something that was done to the system, from when to when (Unix milliseconds). */
export interface Disturbance {
  kind: string;
  from: number;
  to: number;
  /** Only these merchants are concerned; absent: all. */
  appids?: ReadonlySet<string>;
  /** Only this process is concerned; absent: all. */
  hub?: string;
}

/** Stopped, and let go on after a while. */
export const FROZEN = 'process frozen';
/** No fault of ours: the machine had no time for it. */
export const STARVED = 'process starved';
/** A process did nothing for a while, and then went on as if nothing had happened. */
export const STOOD_STILL: ReadonlySet<string> = new Set([FROZEN, STARVED]);

/** A refresh as the simulated WeChat saw it; times in Unix milliseconds. */
export interface RefreshCall {
  seq: number;
  appid: string;
  /** Who asked. */
  hub: string;
  startedAt: number;
  endedAt: number;
  /** It took effect, whether or not the answer arrived. */
  succeeded: boolean;
  fault: string | null;
}

/** A token row as a write left it. Serial numbers grow with every token that WeChat issues to a merchant. */
export interface TokenWrite {
  appid: string;
  at: number;
  /** Of the access token; null without one. */
  serial: number | null;
  generation: number;
  state: string;
  hasRefreshToken: boolean;
}

/** A moment at which a merchant's token was made to be over. */
export interface Expiry {
  appid: string;
  at: number;
  serial: number;
}

/** A token that a caller was given and tried at WeChat. */
export interface Handout {
  appid: string;
  hub: string;
  askedAt: number;
  answeredAt: number;
  /** When WeChat had said what it thinks of it. */
  triedAt: number;
  /** -1: not a token of this WeChat. */
  serial: number;
  expiresInSeconds: number;
  expiresAt: number;
  /** What WeChat said of it; null: it could not be asked. */
  errcode: number | null;
}

/** A hub process that ended although nobody had killed it. */
export interface Exit {
  hub: string;
  at: number;
  /** Signal or exit code. */
  how: string;
}

/** All that a soak has seen; what it means is judged apart (`judge`). */
export interface Evidence {
  startedAt: number;
  disturbances: readonly Disturbance[];
  expiries: readonly Expiry[];
  calls: readonly RefreshCall[];
  /** All of them, also the one before the start that brought the token each merchant began with. */
  writes: readonly TokenWrite[];
  handouts: readonly Handout[];
  /** Merchants who got no token at the end, when nothing was disturbed any more. */
  unserved: readonly string[];
  /** Merchants whose row at the end is not usable, or has no refresh token. */
  unusable: readonly { appid: string; state: string }[];
  exits: readonly Exit[];
  /** How long a hub waits for WeChat. */
  timeoutMs: number;
}
