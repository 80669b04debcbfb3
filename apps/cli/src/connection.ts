import { type Command, InvalidArgumentError } from 'commander';
import { createWxfleetClient, type WxfleetClient } from '#libs/client';

export interface Connection {
  client: WxfleetClient;
  /** The platform named by `--platform`, or the only one the key may see. */
  component: () => Promise<string>;
}

/** The hub named on the command line or in the environment. */
export function connection(command: Command): Connection {
  const { url, key, platform } = command.optsWithGlobals<{ url: string; key?: string; platform?: string }>();
  if (!key) throw new Error('no API key: pass --key, or set WXFLEET_API_KEY or ADMIN_API_KEY');
  const client = createWxfleetClient({ baseUrl: url, apiKey: key, timeoutMs: 60_000 });
  return {
    client,
    async component() {
      if (platform) return platform;
      const { data } = await client.GET('/v1/platforms', { params: { query: { limit: 2 } } });
      const [first, second] = data?.items ?? [];
      if (first && !second) return first.component_appid;
      throw new Error(second ? 'there are several platforms: name one with --platform' : 'there is no platform yet');
    },
  };
}

/** A whole number above zero, for an option. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
}
