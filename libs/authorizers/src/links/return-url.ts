import { AppError } from '#libs/kernel';

export interface ReturnUrlPolicy {
  /** Base of the hub's own URLs, asked each time (a listener on port 0 learns its port late). Its host is always allowed. */
  publicUrl: () => string;
  /**
   * Hosts (`shop.example.com`, or `.example.com` for all below it) that merchants may be sent back to. Absent: every
   * https host, since only holders of a key with `authorizers:write` make links and the redirect carries no secret.
   */
  allowedHosts?: readonly string[];
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
  if (policy.allowedHosts && !policy.allowedHosts.some((host) => matches(host.toLowerCase(), url.hostname))) {
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
