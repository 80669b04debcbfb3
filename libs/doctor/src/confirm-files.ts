import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import pLimit from 'p-limit';
import type { HttpSender, SendResult } from '#libs/events';
import type { ConfirmFile } from '#libs/wechat';

/** Domains that are asked at once. */
const AT_ONCE = 16;
const ONE_MS = 5000;
/** For all of them together; a platform has 300 at most. */
const ALL_MS = 20_000;
/** How long DNS may take for one name, in two tries: one second for the first, two for the second. */
const DNS = { timeout: 1000, tries: 2 };
/** A file of WeChat has some dozens of bytes. */
const KEPT_BYTES = 4096;

/** What a business domain has at the place of WeChat's file. */
export interface ConfirmFileProbe {
  domain: string;
  /** `not_asked`: the time for all domains was used up. */
  outcome: 'served' | 'missing' | 'wrong' | 'certificate' | 'unreachable' | 'not_asked';
  /** In words; nothing of the body. */
  detail: string;
}

/**
 * Asks each domain for the file as WeChat does: `https`, at the root, no redirect followed. Addresses are judged as those of webhooks are.
 * @param domains as WeChat writes them: bare hosts by its page; a scheme or a port that is there is used
 * @param sender with the rules of webhooks for addresses
 */
export async function probeConfirmFiles(
  sender: Pick<HttpSender, 'get'>,
  domains: readonly string[],
  file: ConfirmFile,
  { allMs = ALL_MS, resolver = new Resolver(DNS) }: { allMs?: number; resolver?: Resolver } = {},
): Promise<ConfirmFileProbe[]> {
  const limit = pLimit(AT_ONCE);
  const stop = AbortSignal.timeout(allMs);
  stop.addEventListener('abort', () => resolver.cancel(), { once: true });
  return Promise.all(domains.map((domain) => limit(() => probe(sender, resolver, domain, file, stop))));
}

/** Where a domain has to have the file; null: it is no domain. */
export function confirmFileUrl(domain: string, fileName: string): string | null {
  const base = /^https?:\/\//i.test(domain) ? domain : `https://${domain}`;
  return URL.canParse(base) ? new URL(`/${encodeURIComponent(fileName)}`, base).href : null;
}

async function probe(
  sender: Pick<HttpSender, 'get'>,
  resolver: Resolver,
  domain: string,
  file: ConfirmFile,
  signal: AbortSignal,
): Promise<ConfirmFileProbe> {
  const url = confirmFileUrl(domain, file.name);
  if (url === null) return { domain, outcome: 'unreachable', detail: 'not a domain' };
  const begunMs = performance.now();
  if (!signal.aborted && (await isUnanswered(resolver, new URL(url).hostname))) {
    return { domain, outcome: 'unreachable', detail: 'DNS does not answer for this name' };
  }
  const headers = { accept: 'text/plain, */*', 'user-agent': 'wxfleet' };
  const timeoutMs = Math.max(1, ONE_MS - (performance.now() - begunMs));
  const result = await sender.get({ url, headers, timeoutMs, keepBytes: KEPT_BYTES, signal });
  return { domain, ...judged(result, file) };
}

/**
 * Connections resolve names with the system's function, two at a time in the whole process, and it cannot be stopped. Many names
 * without an answer would keep all other connections from being made for minutes, so they do not come to it.
 */
async function isUnanswered(resolver: Resolver, hostname: string): Promise<boolean> {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  // Whatever else: the system may know names that DNS does not, those of its hosts file for example.
  const isTimeout = (answer: PromiseSettledResult<string[]>) =>
    answer.status === 'rejected' && (answer.reason as NodeJS.ErrnoException).code === 'ETIMEOUT';
  return answers.some(isTimeout) && !answers.some(({ status }) => status === 'fulfilled');
}

function judged(result: SendResult, file: ConfirmFile): Pick<ConfirmFileProbe, 'outcome' | 'detail'> {
  const { status, error, detail } = result;
  if (status === null) {
    if (error === 'aborted') return { outcome: 'not_asked', detail: 'not asked in time' };
    if (error === 'tls') return { outcome: 'certificate', detail: certificateFault(detail ?? '') };
    return { outcome: 'unreachable', detail: detail ?? 'no answer' };
  }
  if (status >= 300 && status < 400) return { outcome: 'missing', detail: `HTTP ${status}, a redirect` };
  if (status !== 200) return { outcome: 'missing', detail: `HTTP ${status}` };
  const text = result.body.toString('utf8');
  // Editors end a file with a line break.
  if (!result.isCut && text.trimEnd() === file.content.trimEnd()) return { outcome: 'served', detail: 'served' };
  return { outcome: 'wrong', detail: `another content (${result.isCut ? 'too long' : `${result.body.length} bytes`})` };
}

function certificateFault(code: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'the certificate has expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate is for another host';
  return `the certificate is not accepted (${code})`;
}
