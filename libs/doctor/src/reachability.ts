import { lookup } from 'node:dns/promises';
import { connect as connectPlainly, isIP } from 'node:net';
import { connect } from 'node:tls';

/** WeChat waits 5 seconds for an answer. */
const WECHAT_WAITS_MS = 5000;
const PROBE_MS = 3000;

/** What a host name leads to. */
export type NameProbe = { outcome: 'unknown'; message: string } | { outcome: 'found'; addresses: string[] };

/** A certificate as a client sees it that knows the usual authorities. */
export type CertificateProbe =
  | { outcome: 'unreachable'; message: string }
  | { outcome: 'refused'; message: string }
  | { outcome: 'good'; validUntil: Date };

/** What came back for the test push. */
export type PushProbe =
  | { outcome: 'unreachable'; message: string }
  | { outcome: 'timed_out'; message: string }
  | { outcome: 'answered'; status: number; location: string | null; text: string; ms: number };

/** @param host a name or an address */
export async function probeName(host: string): Promise<NameProbe> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return { outcome: 'found', addresses: [bare] };
  try {
    const found = await lookup(bare, { all: true });
    return { outcome: 'found', addresses: found.map(({ address }) => address) };
  } catch (error) {
    return { outcome: 'unknown', message: messageOf(error) };
  }
}

/** Connects by TLS as WeChat would, and looks at the certificate. */
export function probeCertificate(host: string, port: number): Promise<CertificateProbe> {
  return new Promise((resolve) => {
    const bare = host.replace(/^\[|\]$/g, '');
    const socket = connect({ host: bare, port, ...(isIP(bare) ? {} : { servername: bare }), timeout: PROBE_MS });
    const end = (probe: CertificateProbe) => {
      socket.destroy();
      resolve(probe);
    };
    socket.once('secureConnect', () => {
      end({ outcome: 'good', validUntil: new Date(socket.getPeerCertificate().valid_to) });
    });
    socket.once('timeout', () => end({ outcome: 'unreachable', message: `no answer within ${PROBE_MS / 1000} s` }));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const isConnection = /^(ECONN|EHOST|ENET|ETIMEDOUT|EAI_|ENOTFOUND)/.test(error.code ?? '');
      end({ outcome: isConnection ? 'unreachable' : 'refused', message: messageOf(error) });
    });
  });
}

/** Whether a host of the WeChat API can be connected to, and how long that takes. */
export type HostProbe =
  { host: string; outcome: 'reached'; ms: number } | { host: string; outcome: 'unreachable'; message: string };

/** @param url of which scheme, host and port count */
export function probeHost(url: URL): Promise<HostProbe> {
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  const begun = performance.now();
  return new Promise((resolve) => {
    const at = { host: bare, port: Number(url.port || (isSecure ? 443 : 80)) };
    const socket = isSecure ? connect({ ...at, ...(isIP(bare) ? {} : { servername: bare }) }) : connectPlainly(at);
    const end = (probe: HostProbe) => {
      socket.destroy();
      resolve(probe);
    };
    socket.setTimeout(PROBE_MS, () =>
      end({ host: url.host, outcome: 'unreachable', message: `no answer within ${PROBE_MS / 1000} s` }),
    );
    socket.once(isSecure ? 'secureConnect' : 'connect', () =>
      end({ host: url.host, outcome: 'reached', ms: Math.round(performance.now() - begun) }),
    );
    socket.once('error', (error) => end({ host: url.host, outcome: 'unreachable', message: messageOf(error) }));
  });
}

/** Sends a push to the callback URL as WeChat would: without following redirects. */
export async function sendPush(url: string, body: string): Promise<PushProbe> {
  const begun = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml' },
      redirect: 'manual',
      signal: AbortSignal.timeout(WECHAT_WAITS_MS),
    });
    const text = (await response.text()).slice(0, 200);
    const ms = Math.round(performance.now() - begun);
    return { outcome: 'answered', status: response.status, location: response.headers.get('location'), text, ms };
  } catch (error) {
    const isTimeout = (error as Error).name === 'TimeoutError';
    return { outcome: isTimeout ? 'timed_out' : 'unreachable', message: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
