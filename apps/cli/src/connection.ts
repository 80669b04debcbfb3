import type { ReadableStream } from 'node:stream/web';
import { type Command, InvalidArgumentError } from 'commander';
import { WxfleetError, createWxfleetClient, type WxfleetClient } from '#libs/client';
import { NoKeyError, UsageError } from './exit-codes.ts';

export interface Connection {
  client: WxfleetClient;
  /** The platform named by `--platform`, or the only one the key may see. */
  component: () => Promise<string>;
  /** The same address as CSV, as it comes; it may take as long as it takes. @throws WxfleetError */
  csv: (pathAndQuery: string) => Promise<ReadableStream>;
}

/** The hub named on the command line or in the environment. */
export function connection(command: Command): Connection {
  const { url, key, platform } = command.optsWithGlobals<{ url: string; key?: string; platform?: string }>();
  if (!key) {
    throw new NoKeyError('no API key: set WXFLEET_API_KEY or ADMIN_API_KEY, pass --key, or name a key in a profile');
  }
  const client = createWxfleetClient({ baseUrl: url, apiKey: key, timeoutMs: 60_000 });
  return {
    client,
    async component() {
      if (platform) return platform;
      const { data } = await client.GET('/v1/platforms', { params: { query: { limit: 2 } } });
      const [first, second] = data?.items ?? [];
      if (first && !second) return first.component_appid;
      throw new UsageError(
        second ? 'there are several platforms: name one with --platform' : 'there is no platform yet',
      );
    },
    async csv(pathAndQuery) {
      const headers = { authorization: `Bearer ${key}`, accept: 'text/csv' };
      const response = await fetch(url.replace(/\/+$/, '') + pathAndQuery, { headers });
      if (!response.ok || !response.body) {
        const problem = (await response.json().catch(() => ({ code: 'unknown' }))) as Record<string, unknown>;
        throw new WxfleetError(response.status, problem, response.headers.get('retry-after'));
      }
      return response.body;
    },
  };
}

/** A whole number above zero, for an option. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
}

/** A whole number from zero, for an option. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('must be a whole number of at least 0');
  }
  return value;
}
