import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool } from 'undici';

/**
 * What the refresh of a cold fleet is compared with: the same calls with the same concurrency by undici, nothing kept.
 * Waits for `POST /run` and answers the seconds it took; the accounts come from a file of `appid refresh_token` lines.
 */
const { PORT, WECHAT_URL, COMPONENT_APPID, ACCOUNTS_FILE, CONCURRENCY } = process.env as Record<string, string>;
const accounts = readFileSync(ACCOUNTS_FILE!, 'utf8').trimEnd().split('\n');
const concurrency = Number(CONCURRENCY);
const pool = new Pool(WECHAT_URL!, { connections: concurrency, pipelining: 1 });

async function refreshAll(componentToken: string): Promise<{ seconds: number; failures: number }> {
  const path = `/cgi-bin/component/api_authorizer_token?component_access_token=${encodeURIComponent(componentToken)}`;
  let next = 0;
  let failures = 0;
  const started = performance.now();
  const work = async () => {
    while (next < accounts.length) {
      const [authorizer_appid, authorizer_refresh_token] = accounts[next]!.split(' ');
      next += 1;
      const { body } = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ component_appid: COMPONENT_APPID, authorizer_appid, authorizer_refresh_token }),
      });
      const reply = (await body.json()) as { authorizer_access_token?: string };
      if (reply.authorizer_access_token === undefined) failures += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { seconds: (performance.now() - started) / 1000, failures };
}

createServer((request, response) => {
  if (request.url === '/ready') return void response.end('ready');
  void refreshAll(new URL(request.url!, 'http://bare').searchParams.get('component_token')!).then(
    (result) => response.end(JSON.stringify(result)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
