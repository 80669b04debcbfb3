import pLimit from 'p-limit';
import type { HttpSender, SendResult } from '#libs/events';
import type { ConfirmFile } from '#libs/wechat';

/** Domains that are asked at once. */
const AT_ONCE = 16;
const ONE_MS = 5000;
/** For all of them together; a platform has 300 at most. */
const ALL_MS = 20_000;
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
  allMs = ALL_MS,
): Promise<ConfirmFileProbe[]> {
  const limit = pLimit(AT_ONCE);
  const stop = AbortSignal.timeout(allMs);
  return Promise.all(domains.map((domain) => limit(() => probe(sender, domain, file, stop))));
}

/** Where a domain has to have the file; null: it is no domain. */
export function confirmFileUrl(domain: string, fileName: string): string | null {
  const base = /^https?:\/\//i.test(domain) ? domain : `https://${domain}`;
  return URL.canParse(base) ? new URL(`/${encodeURIComponent(fileName)}`, base).href : null;
}

async function probe(
  sender: Pick<HttpSender, 'get'>,
  domain: string,
  file: ConfirmFile,
  signal: AbortSignal,
): Promise<ConfirmFileProbe> {
  const url = confirmFileUrl(domain, file.name);
  if (url === null) return { domain, outcome: 'unreachable', detail: 'not a domain' };
  const headers = { accept: 'text/plain, */*', 'user-agent': 'wxfleet' };
  const result = await sender.get({ url, headers, timeoutMs: ONE_MS, keepBytes: KEPT_BYTES, signal });
  return { domain, ...judged(result, file) };
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
