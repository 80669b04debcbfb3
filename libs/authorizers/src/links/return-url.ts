import { AppError } from '#libs/kernel';

/** Part of `AuthorizersOptions`, which describes it. */
export interface ReturnUrlPolicy {
  publicUrl: () => string;
  returnUrlHosts?: readonly string[] | undefined;
}

/**
 * Accepts a `return_url` or says why not. http is for the hub's own host and this machine only; a merchant's browser must
 * not be led off https otherwise.
 * @throws AppError invalid_request naming return_url
 */
export function checkedReturnUrl(text: string, policy: ReturnUrlPolicy): string {
  const wrong = (message: string) => AppError.invalid('return_url', message);
  // eslint-disable-next-line no-control-regex
  if (text.length > 2048 || /[\u0000-\u0020\u007f\\]/.test(text) || !URL.canParse(text)) {
    throw wrong('must be an absolute URL of at most 2048 characters');
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrong('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '') throw wrong('must not hold a user name or password');
  const isOurs = url.hostname === new URL(policy.publicUrl()).hostname;
  if (isOurs) return text;
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw wrong('must begin with https://');
  if (policy.returnUrlHosts && !policy.returnUrlHosts.some((host) => matches(host.toLowerCase(), url.hostname))) {
    throw wrong('leads to a host that is not allowed');
  }
  return text;
}

function matches(allowed: string, hostname: string): boolean {
  return allowed.startsWith('.') ? hostname.endsWith(allowed) || hostname === allowed.slice(1) : hostname === allowed;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
