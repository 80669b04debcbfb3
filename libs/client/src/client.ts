import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './generated/api.ts';
import { WxfleetError } from './problem.ts';

export interface WxfleetClientOptions {
  /** Where the hub is, for instance `https://hub.example.com`. */
  baseUrl: string;
  /** `wxf_…`; it leaves only in the Authorization header. */
  apiKey: string;
  /** Ends a call that takes longer, in ms; default 15 000. */
  timeoutMs?: number;
  fetch?: (request: Request) => Promise<Response>;
}

/** JSON only: where a list can also be had as CSV, fetch that with the same URL and `Accept: text/csv`. */
export type WxfleetClient = Client<paths, 'application/json'>;
export type Schemas = components['schemas'];

/**
 * A typed caller of the hub: every path, parameter and reply comes from the OpenAPI document. A refusal is thrown as
 * `WxfleetError`, so that `data` is there when a call returns. What creates something may be repeated after a lost reply with
 * `params: { header: { 'Idempotency-Key': … } }`: the same key within 24 hours gets the same answer.
 */
export function createWxfleetClient(options: WxfleetClientOptions): WxfleetClient {
  const call = options.fetch ?? ((request: Request) => fetch(request));
  const client = createClient<paths, 'application/json'>({
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${options.apiKey}` },
    fetch: (request) => withDeadline(call, request, options.timeoutMs ?? 15_000),
  });
  client.use(refusalsAreThrown);
  return client;
}

const refusalsAreThrown: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return undefined;
    const problem = (await response
      .clone()
      .json()
      .catch(() => ({ code: 'unknown', detail: `HTTP ${response.status}` }))) as Record<string, unknown>;
    throw new WxfleetError(response.status, problem, response.headers.get('retry-after'));
  },
};

async function withDeadline(
  call: (request: Request) => Promise<Response>,
  request: Request,
  timeoutMs: number,
): Promise<Response> {
  try {
    return await call(
      new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) }),
    );
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    const error = new WxfleetError(
      0,
      { code: 'network', detail: `no answer from ${new URL(request.url).origin}` },
      null,
    );
    error.cause = cause;
    throw error;
  }
}

/** All items of a list, page by page: `for await (const item of eachItem((cursor) => client.GET(…)))`. */
export async function* eachItem<Item>(
  page: (cursor: string | undefined) => Promise<{ data?: { items: Item[]; next_cursor: string | null } }>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { data } = await page(cursor);
    if (!data) return;
    yield* data.items;
    cursor = data.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
