import { createServer, type IncomingMessage, type Server } from 'node:http';
import { WebhookVerificationError, WxfleetError, verifyWebhook } from '#libs/client';
import type { NeededDomain, Provider } from './provider.ts';

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/**
 * The example's own interface, for the provider's other programs on the same machine. It has no authentication: a real one
 * stands behind the provider's own.
 *
 * - `GET /shops/{appid}/live-domains`: what WeChat enforces at this moment, by a call of our own
 * - `GET /shops/{appid}/domain-history`: when each domain was in force
 * - `POST /webhooks`: what wxfleet tells, verified; the last hundred are at `GET /webhooks`
 * - `POST /release-checks` `{"domains": [{"list", "domain"}]}`: 200 when the release may go out, 409 with what is in its way
 */
export function startServer(provider: Provider, port: number, webhookSecret?: string): Promise<Server> {
  const received = new ReceivedEvents(webhookSecret);
  const server = createServer((request, response) => {
    void answerTo(provider, received, request)
      .catch(asRefusal)
      .then(({ status, body, headers }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      });
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** The last events, each once. A real backend keeps the ids in its database, in the transaction of what it does. */
class ReceivedEvents {
  private readonly byId = new Map<string, unknown>();

  constructor(private readonly secret: string | undefined) {}

  async take(request: IncomingMessage): Promise<Answer> {
    if (this.secret === undefined) return { status: 404, body: { error: 'not_found' } };
    try {
      // The body exactly as it came: the signature covers its bytes.
      const message = verifyWebhook(this.secret, request.headers, await textOf(request));
      const id = String(request.headers['webhook-id']);
      if (!this.byId.has(id)) this.byId.set(id, message);
      if (this.byId.size > 100) this.byId.delete([...this.byId.keys()][0] as string);
      return { status: 200, body: {} };
    } catch (error) {
      if (error instanceof WebhookVerificationError) return { status: 401, body: { error: 'not_verified' } };
      throw error;
    }
  }

  get all(): unknown[] {
    return [...this.byId.values()];
  }
}

async function answerTo(provider: Provider, received: ReceivedEvents, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/webhooks') {
    return request.method === 'POST' ? received.take(request) : { status: 200, body: { events: received.all } };
  }
  const [, appid, what] = /^\/shops\/([\w-]{1,64})\/(live-domains|domain-history)$/.exec(pathname) ?? [];
  if (request.method === 'GET' && appid !== undefined) {
    if (what === 'domain-history') return { status: 200, body: await provider.lifespans(appid) };
    return { status: 200, body: await provider.callWechat(appid, '/wxa/get_effective_domain') };
  }
  if (request.method === 'POST' && pathname === '/release-checks') {
    const { domains } = JSON.parse(await textOf(request)) as { domains: NeededDomain[] };
    const obstacles = await provider.obstacles(domains);
    return { status: obstacles.length === 0 ? 200 : 409, body: { obstacles } };
  }
  return { status: 404, body: { error: 'not_found' } };
}

/** wxfleet's stable codes are told on, with when to come back; what they mean is for the caller to decide. */
function asRefusal(error: unknown): Answer {
  if (!(error instanceof WxfleetError)) return { status: 500, body: { error: 'internal' } };
  const { code, retryAfterSeconds } = error;
  return {
    status: code === 'not_found' ? 404 : 502,
    body: { error: code },
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': String(retryAfterSeconds) } }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}
