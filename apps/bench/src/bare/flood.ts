import { createServer } from 'node:http';
import { HttpConnection, httpRequest } from '../http-connection.ts';
import { appidOf } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';

/*
 * One tenant that asks for as much as its connections and its rate allow, in a process of its own so that it costs the
 * measuring process nothing but processor time. `/run?seconds=…&rate=…&only=…` answers with what came back; when the time has passed it
 * disconnects, whatever is still due. With `spin=…` it asks for nothing and burns that share of a processor instead: what a
 * noisy tenant costs that has nothing to do with the hub.
 */
const { PORT, HUB_URL, COMPONENT_APPID, KEYS, CONNECTIONS, MERCHANTS } = process.env as Record<string, string>;
const keys = KEYS!.split(',');
const base = `/v1/platforms/${COMPONENT_APPID}`;

const kinds = {
  'hand-out': (n: number) => handOutRequest(COMPONENT_APPID!, appidOf(n % Number(MERCHANTS)), keys[n % keys.length]!),
  list: (n: number) => httpRequest('GET', `${base}/authorizers?limit=500`, authorization(n)),
  table: (n: number) => {
    const coverage = `${base}/domain-coverage?list=requestdomain&domain=${encodeURIComponent('https://nobody.example')}`;
    return httpRequest('GET', coverage, { ...authorization(n), accept: 'text/csv' });
  },
  'forged-push': () => {
    const forged = '?timestamp=1&nonce=2&msg_signature=0123456789012345678901234567890123456789';
    return httpRequest('POST', `/wechat/${COMPONENT_APPID}/events${forged}`, {}, '<xml><Encrypt>AAAA</Encrypt></xml>');
  },
  'no-json': (n: number) => {
    const json = { 'content-type': 'application/json' };
    return httpRequest('POST', `${base}/merchants`, { ...authorization(n), ...json }, '{"merchant_id":');
  },
  'no-key': () => httpRequest('GET', `${base}/authorizers`, { authorization: 'Bearer wxf_pk_nonsense' }),
};
type Kind = keyof typeof kinds;

function authorization(n: number): { authorization: string } {
  return { authorization: `Bearer ${keys[n % keys.length]}` };
}

/** Of ten. */
const MIXED = [
  'hand-out',
  'hand-out',
  'hand-out',
  'hand-out',
  'hand-out',
  'list',
  'list',
  'forged-push',
  'no-json',
  'no-key',
];

function requestsOf(only: string | null): Buffer[] {
  return Array.from({ length: 200 }, (_, n) => {
    const kind = only ?? MIXED[n % MIXED.length]!;
    if (!Object.hasOwn(kinds, kind)) throw new Error(`only=${kind}: must be one of ${Object.keys(kinds).join(', ')}`);
    return kinds[kind as Kind](n);
  });
}

/** Asks with every connection, no faster than `rate` a second in all, and disconnects when the time has passed. */
async function flood(seconds: number, rate: number, only: string | null): Promise<Record<string, number>> {
  const requests = requestsOf(only);
  const counts: Record<string, number> = {};
  const count = (what: string | number) => (counts[what] = (counts[what] ?? 0) + 1);
  const started = performance.now();
  const until = started + seconds * 1000;
  const isOver = () => performance.now() >= until;
  const open = new Set<HttpConnection>();
  let sent = 0;
  const one = async () => {
    let connection: HttpConnection | undefined;
    while (!isOver()) {
      const aheadMs = (sent / rate) * 1000 - (performance.now() - started);
      if (aheadMs > 1) {
        await new Promise((resolve) => setTimeout(resolve, aheadMs));
        continue;
      }
      if (!connection || connection.broken) {
        if (connection) open.delete(connection);
        open.add((connection = await HttpConnection.open(HUB_URL!)));
        if (isOver()) break;
      }
      const request = requests[sent % requests.length]!;
      sent += 1;
      try {
        count((await connection.send(request)).status);
      } catch {
        count(isOver() ? 'disconnected' : 'broken');
      }
    }
  };
  const hangUp = setTimeout(() => open.forEach((connection) => connection.close()), seconds * 1000);
  await Promise.all(Array.from({ length: Number(CONNECTIONS) }, one));
  clearTimeout(hangUp);
  open.forEach((connection) => connection.close());
  return counts;
}

/** As busy as the flood is: `share` of one processor. */
async function spin(seconds: number, share: number): Promise<Record<string, number>> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const sliceEnd = performance.now() + 5 * share;
    while (performance.now() < sliceEnd);
    await new Promise((resolve) => setTimeout(resolve, 5 * (1 - share)));
  }
  return {};
}

createServer((request, response) => {
  if (request.url === '/ready') return void response.end('ready');
  const query = new URL(request.url!, 'http://flood').searchParams;
  const number = (name: string) => Number(query.get(name));
  const work = query.has('spin')
    ? spin(number('seconds'), number('spin'))
    : flood(number('seconds'), number('rate'), query.get('only'));
  void work.then(
    (counts) => response.end(JSON.stringify(counts)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
