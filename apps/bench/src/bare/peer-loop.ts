import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { appidOf, refreshTokenOf } from '../fleet.ts';

/** The part of node-easywechat 3.6.2 that is measured. */
interface OpenPlatform {
  setCache(cache: object): void;
  getVerifyTicket(): { setTicket(ticket: string): Promise<unknown> };
  getAuthorizerAccessToken(appid: string, refreshToken: string): Promise<string>;
}

/** node-easywechat from a folder of its own, with its tokens in memory, the fastest of its caches. */
const { PORT, PEER_FOLDER, WECHAT_URL, COMPONENT_APPID, COMPONENT_SECRET, TICKET } = process.env as Record<
  string,
  string
>;
const load = createRequire(join(PEER_FOLDER!, 'package.json'));
const peer = load('node-easywechat') as { OpenPlatform: new (config: object) => OpenPlatform };
const app = new peer.OpenPlatform({
  app_id: COMPONENT_APPID,
  secret: COMPONENT_SECRET,
  token: 'unused',
  aes_key: 'a'.repeat(43),
  http: { baseURL: `${WECHAT_URL}/` },
});
const kept = new Map<string, unknown>();
app.setCache({
  get: (key: string) => Promise.resolve(kept.get(key) ?? null),
  set: (key: string, value: unknown) => Promise.resolve(Boolean(kept.set(key, value))),
  has: (key: string) => Promise.resolve(kept.has(key)),
  delete: (key: string) => Promise.resolve(kept.delete(key)),
});

const token = (n: number) => {
  const appid = appidOf(n);
  return app.getAuthorizerAccessToken(appid, refreshTokenOf(COMPONENT_APPID!, appid));
};

/** `callers` at once for one account; or `accounts` one after the other by `callers` at once. */
async function run(callers: number, first: number, accounts: number) {
  let failures = 0;
  let next = 0;
  const started = performance.now();
  const one = async () => {
    do {
      const n = first + next;
      if (accounts > 1) next += 1;
      await token(n).catch(() => (failures += 1));
    } while (accounts > 1 && next < accounts);
  };
  await Promise.all(Array.from({ length: callers }, one));
  return { seconds: (performance.now() - started) / 1000, failures };
}

await app.getVerifyTicket().setTicket(TICKET!);
createServer((request, response) => {
  if (request.url === '/ready') return void response.end('ready');
  const query = new URL(request.url!, 'http://peer').searchParams;
  const number = (name: string) => Number(query.get(name));
  void run(number('callers'), number('first'), number('accounts')).then(
    (result) => response.end(JSON.stringify(result)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
