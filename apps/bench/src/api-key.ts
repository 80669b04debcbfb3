import type { HubProcess, Platform } from './stage.ts';

/** A new API key of the platform, made over REST as a customer would; limited to `merchantIds` where they are given. */
export async function newApiKey(
  hub: HubProcess,
  { componentAppid }: Platform,
  scopes: readonly string[],
  merchantIds?: readonly string[],
): Promise<{ id: string; key: string }> {
  const created = await hub.call<{ id: string; key: string }>('POST', `/v1/platforms/${componentAppid}/api-keys`, {
    name: 'benchmark',
    scopes,
    ...(merchantIds ? { merchant_ids: merchantIds } : {}),
  });
  if (created.status !== 201) throw new Error(`no key: ${JSON.stringify(created.body)}`);
  return created.body;
}
