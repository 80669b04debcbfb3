import { createServer } from 'node:http';
import { Pool } from 'undici';
import { accessTokensOf, appidOf, refreshTokenOf } from '../fleet.ts';

/**
 * What a sweep is compared with: the same calls with the same concurrency by undici, nothing kept. `GET /run` answers
 * the seconds it took. With `component_token` every token is refreshed first, as the hub has to when all have expired.
 */
const { PORT, WECHAT_URL, COMPONENT_APPID, FLEET, CONCURRENCY } = process.env as Record<string, string>;
const appids = Array.from({ length: Number(FLEET) }, (_, n) => appidOf(n));
const concurrency = Number(CONCURRENCY);
const pool = new Pool(WECHAT_URL!, { connections: concurrency, pipelining: 1 });
const headers = { 'content-type': 'application/json' };

async function post(path: string, body: string): Promise<Record<string, unknown>> {
  const response = await pool.request({ path, method: 'POST', headers, body });
  return (await response.body.json()) as Record<string, unknown>;
}

async function askAll(componentToken: string | null): Promise<{ seconds: number; failures: number }> {
  const tokens = componentToken === null ? accessTokensOf(COMPONENT_APPID!, appids) : null;
  const refreshTokens = componentToken === null ? null : appids.map((appid) => refreshTokenOf(COMPONENT_APPID!, appid));
  const refreshPath = `/cgi-bin/component/api_authorizer_token?component_access_token=${encodeURIComponent(componentToken ?? '')}`;
  let next = 0;
  let failures = 0;
  const started = performance.now();
  const work = async () => {
    while (next < appids.length) {
      const n = next;
      next += 1;
      let token = tokens?.[n];
      if (refreshTokens) {
        const authorizer_appid = appids[n];
        const body = {
          component_appid: COMPONENT_APPID,
          authorizer_appid,
          authorizer_refresh_token: refreshTokens[n],
        };
        token = (await post(refreshPath, JSON.stringify(body)))['authorizer_access_token'] as string;
      }
      const reply = await post(`/wxa/get_effective_domain?access_token=${encodeURIComponent(token ?? '')}`, '{}');
      if (reply['effective_domain'] === undefined) failures += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { seconds: (performance.now() - started) / 1000, failures };
}

createServer((request, response) => {
  if (request.url === '/ready') return void response.end('ready');
  void askAll(new URL(request.url!, 'http://bare').searchParams.get('component_token')).then(
    (result) => response.end(JSON.stringify(result)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
