import { ERRCODE_ROWS, type ErrcodeReaction } from './errcode-table.ts';
import { PATHS } from './paths.ts';

export type { ErrcodeReaction };

export interface ErrcodeEntry {
  code: number;
  /** text of WeChat's table without the tail that real answers add; null where none is recorded */
  errmsg: string | null;
  reaction: ErrcodeReaction;
  meaning: string;
  /** title of the WeChat page, or the SDK that mirrors it */
  source: string;
}

/** The whole table, by code. */
export const ERRCODES: ReadonlyMap<number, ErrcodeEntry> = new Map(
  ERRCODE_ROWS.map(([code, errmsg, reaction, meaning, source = 'Return codes']) => [
    code,
    Object.freeze({ code, errmsg, reaction, meaning, source }),
  ]),
);

/** The codes that code acts on beyond their reaction (page "Return codes"). */
export const ERRCODE = {
  invalidAppid: 40013,
  /** The account does not authorize the platform. */
  notAuthorized: 61003,
  /** The account does not grant the permission set that the call needs. */
  notGranted: 61007,
  /** The caller's address is not on the IP whitelist of the platform. */
  addressNotListed: 61004,
  noCallbackUrl: 40201,
  /** Resets of the call counter of this month are used up. */
  noMoreResets: 48006,
} as const;

/** The authorization code is spent, expired or not of this platform. */
export const SPENT_CODE_ERRCODES: ReadonlySet<number> = new Set([61009, 61010, 40099, 40163]);

/** What speaks against the refresh token itself. */
export const REFRESH_TOKEN_ERRCODES: ReadonlySet<number> = new Set([61023, 40030, 42002, 42007]);

/** Codes that mean something else on one path. */
const ON_PATH: Readonly<Record<string, Readonly<Record<number, { reaction: ErrcodeReaction; meaning: string }>>>> = {
  [PATHS.componentToken]: {
    // There is no token in this call to drop: asking again with the same secret would loop.
    40001: { reaction: 'config', meaning: 'the component_appsecret is wrong' },
  },
  [PATHS.queryAuth]: {
    61009: { reaction: 'reauth', meaning: 'the authorization code is not one of this platform' },
    61010: { reaction: 'reauth', meaning: 'the authorization code has expired or was exchanged before' },
  },
};

/** Entry of a code, with its meaning on `path` where that differs. Never undefined: an unlisted code is `unknown`. */
export function errcode(code: number, path?: string): ErrcodeEntry {
  const entry = ERRCODES.get(code) ?? {
    code,
    errmsg: null,
    reaction: 'unknown',
    meaning: 'not in the table of return codes',
    source: 'Return codes',
  };
  const special = path === undefined ? undefined : ON_PATH[path]?.[code];
  return special ? { ...entry, ...special } : entry;
}
