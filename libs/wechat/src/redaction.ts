import type { Secret } from '#libs/kernel';
import { revealed } from './call.ts';

const REDACTED = '[redacted]';

/** JSON members that hold tokens in WeChat's bodies, also when the body breaks off inside the value. */
const TOKEN_MEMBERS =
  /("(?:component_access_token|authorizer_access_token|access_token|authorizer_refresh_token|refresh_token|pre_auth_code|authorization_code|auth_code|component_verify_ticket|component_appsecret|component_secret|appsecret)"\s*:\s*")(?:[^"\\]|\\.)*/g;

/** A token in a URL that an error page repeats. */
const TOKEN_PARAMETERS = /((?:component_)?access_token=)[^&"'\s<>]+/g;

/** Values with WeChat's own prefix, whole or cut: `ticket@@@…`, `refreshtoken@@@…`. */
const PREFIXED = /\b([a-z]{4,20}@@@)[^\s"'<>&]+/g;

/** Anything long enough to be a token. Appids have 18 characters, the groups of a request id 8. */
const LONG_RUN = /[\w@.+/=~%-]{24,}/g;

/**
 * Text with every token and secret replaced. `known` are the values of this very call, found in any spelling they may
 * come back in; the rest is recognised by its shape. With `thorough` also every run of 24 or more token characters goes:
 * that is for bodies that should have held tokens but are broken, where nothing else can be relied on.
 */
export function redact(text: string, known: readonly (Secret | string)[], thorough = false): string {
  let clean = text;
  for (const secret of known) {
    const value = revealed(secret);
    // A value of two or three characters is no secret; replacing it would only make rubbish of the text.
    if (value.length < 4) continue;
    for (const spelling of spellings(value)) clean = clean.replaceAll(spelling, REDACTED);
  }
  clean = clean
    .replace(TOKEN_MEMBERS, `$1${REDACTED}`)
    .replace(TOKEN_PARAMETERS, `$1${REDACTED}`)
    .replace(PREFIXED, `$1${REDACTED}`);
  return thorough ? clean.replace(LONG_RUN, REDACTED) : clean;
}

/** As it is, URL-encoded, with JSON's escaped slashes, as HTML. */
function spellings(value: string): Set<string> {
  return new Set([
    value,
    encodeURIComponent(value),
    value.replaceAll('/', '\\/'),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ]);
}

/**
 * A cause that is safe to keep: name, code and redacted message of the original. The original itself may hold what was
 * read from the socket (undici's parser errors do), so it is not kept.
 */
export function safeCause(error: unknown, known: readonly (Secret | string)[]): Error & { code?: string } {
  // By its members, not by `instanceof`: an error of a socket may come from another realm (it does under Jest).
  const original = (typeof error === 'object' && error !== null ? error : {}) as Record<
    'name' | 'message' | 'code',
    unknown
  >;
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const cause: Error & { code?: string } = new Error(redact(text(original.message, 'unknown failure'), known, true));
  cause.name = text(original.name, 'Error');
  delete cause.stack;
  if (typeof original.code === 'string') cause.code = original.code;
  return cause;
}
