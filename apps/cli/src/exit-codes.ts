import { WxfleetError } from '#libs/client';

/** What the command line ends with. Scripts decide on it, so that a number keeps its meaning. */
export const EXIT = {
  ok: 0,
  /** What was asked for was done and did not succeed, or was not wanted after all. */
  failed: 1,
  /** Unknown command or option, or a value that the hub does not accept. */
  usage: 2,
  /** No key, a wrong one, or one that may not do this. */
  authentication: 3,
  notFound: 4,
  conflict: 5,
  /** WeChat does not answer, refuses, or its quota is used up; or the hub asks to come back later. */
  upstream: 6,
  /** No answer from the hub. */
  network: 7,
} as const;

/** Wrong use that the parser does not see. */
export class UsageError extends Error {}

/** No API key is configured. */
export class NoKeyError extends Error {}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof NoKeyError) return EXIT.authentication;
  if (!(error instanceof WxfleetError)) return EXIT.failed;
  switch (error.status) {
    case 0:
      return EXIT.network;
    case 400:
    case 413:
    case 422:
      return EXIT.usage;
    case 401:
    case 403:
      return EXIT.authentication;
    case 404:
    case 410:
      return EXIT.notFound;
    case 409:
      return EXIT.conflict;
    case 429:
    case 502:
    case 503:
    case 504:
      return EXIT.upstream;
    default:
      return EXIT.failed;
  }
}

/** The same error for a script: one line of JSON. */
export function errorAsJson(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const exit_code = exitCodeOf(error);
  if (!(error instanceof WxfleetError)) return JSON.stringify({ error: { message, exit_code } });
  const { code, status, problem, retryAfterSeconds: retry_after } = error;
  return JSON.stringify({ error: { ...problem, code, status, message, retry_after, exit_code } });
}
