import { createServer } from 'node:http';
import { HttpConnection, httpRequest } from '../http-connection.ts';
import { appidOf } from '../fleet.ts';
import { handOutRequest } from '../hand-out.ts';

/*
 * One tenant that asks for as much as its connections and its rate allow, in a process of its own so that it costs whoever
 * measures nothing but processor time. `/run?seconds=…&rate=…` answers with what came back. With `spin=1` it asks for
 * nothing and burns processor time instead: what a noisy neighbour costs that has nothing to do with the hub.
 */
const { PORT, HUB_URL, COMPONENT_APPID, KEYS, CONNECTIONS, MERCHANTS } = process.env as Record<string, string>;
const keys = KEYS!.split(',');
const base = `/v1/platforms/${COMPONENT_APPID}`;

/** Of ten: five hand-outs, two expensive lists, a forged push, a body that is no JSON, a key that is none. */
const requests = Array.from({ length: 200 }, (_, n): Buffer => {
  const authorization = { authorization: `Bearer ${keys[n % keys.length]}` };
  const json = { 'content-type': 'application/json' };
  switch (n % 10) {
    case 5:
    case 6:
      return httpRequest('GET', `${base}/authorizers?limit=500`, authorization);
    case 7: {
      const forged = '?timestamp=1&nonce=2&msg_signature=0123456789012345678901234567890123456789';
      return httpRequest(
        'POST',
        `/wechat/${COMPONENT_APPID}/events${forged}`,
        {},
        '<xml><Encrypt>AAAA</Encrypt></xml>',
      );
    }
    case 8:
      return httpRequest('POST', `${base}/merchants`, { ...authorization, ...json }, '{"merchant_id":');
    case 9:
      return httpRequest('GET', `${base}/authorizers`, { authorization: 'Bearer wxf_pk_nonsense' });
    default:
      return handOutRequest(COMPONENT_APPID!, appidOf(n % Number(MERCHANTS)), keys[n % keys.length]!);
  }
});

/** Asks with every connection, no faster than `rate` a second in all. */
async function flood(seconds: number, rate: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const started = performance.now();
  const until = started + seconds * 1000;
  let sent = 0;
  const one = async () => {
    let connection = await HttpConnection.open(HUB_URL!);
    while (performance.now() < until) {
      const aheadMs = (sent / rate) * 1000 - (performance.now() - started);
      if (aheadMs > 1) {
        await new Promise((resolve) => setTimeout(resolve, aheadMs));
        continue;
      }
      const request = requests[sent % requests.length]!;
      sent += 1;
      try {
        const { status } = await connection.send(request);
        counts[status] = (counts[status] ?? 0) + 1;
      } catch {
        counts.broken = (counts.broken ?? 0) + 1;
      }
      if (connection.broken) connection = await HttpConnection.open(HUB_URL!);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: Number(CONNECTIONS) }, one));
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
  const work = query.has('spin') ? spin(number('seconds'), number('spin')) : flood(number('seconds'), number('rate'));
  void work.then(
    (counts) => response.end(JSON.stringify(counts)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
