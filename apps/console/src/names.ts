import { useQuery } from '@tanstack/react-query';
import { get } from './api.ts';

/** Accounts that one question may name at most. */
const AT_ONCE = 100;
/** A name hardly ever changes. */
const FRESH_MS = 600_000;

type Names = ReadonlyMap<string, string | null>;
interface Batch {
  appids: Set<string>;
  names: Promise<Names>;
}
const batches = new Map<string, Batch>();

/** The names of all accounts that were asked for in the same moment, in one question. */
function nameOf(platform: string, appid: string): Promise<string | null> {
  let batch = batches.get(platform);
  if (!batch || batch.appids.size >= AT_ONCE) {
    const appids = new Set<string>();
    batch = { appids, names: new Promise((resolve) => setTimeout(resolve, 10)).then(() => ask(platform, appids)) };
    batches.set(platform, batch);
  }
  batch.appids.add(appid);
  return batch.names.then((names) => names.get(appid) ?? null);
}

async function ask(component_appid: string, appids: ReadonlySet<string>): Promise<Names> {
  if (batches.get(component_appid)?.appids === appids) batches.delete(component_appid);
  const { items } = await get('/v1/platforms/{component_appid}/authorizers', {
    path: { component_appid },
    query: { authorizer_appids: [...appids].join(','), limit: AT_ONCE },
  });
  return new Map(items.map(({ authorizer_appid, nick_name }) => [authorizer_appid, nick_name]));
}

/** The name of an account that a list names by appid only; null while it is not known, or has none. */
export function useProgramName(platform: string, appid: string, wanted: boolean): string | null {
  const { data } = useQuery({
    queryKey: ['name', platform, appid],
    queryFn: () => nameOf(platform, appid),
    enabled: wanted,
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
  });
  return data ?? null;
}
