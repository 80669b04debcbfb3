import { DOMAIN_LISTS } from '#libs/contract';

/** How a mini program's answers develop. `pending` and `excess` drift in their latest answer, `own` has a domain of its own. */
export const PATTERN_KINDS = ['plain', 'pending', 'excess', 'own'] as const;
export type PatternKind = (typeof PATTERN_KINDS)[number];

/** Products of the provider: mini programs of one product get the same lists. */
export const PRODUCTS = 6;

/** In every list of requests there is. */
export const COMMON_DOMAIN = 'https://api.provider.example';

/** The domain that release `release` of a product needs; it goes with the release after the next one. */
export function releaseDomain(product: number, release: number): string {
  return `https://r${release}.p${product}.provider.example`;
}

/** Sorts behind the provider's domains: the digest of a list with it continues the digest of the list without it. */
export function ownDomain(name: string): string {
  return `https://z${name}.shops.example`;
}

/** In force and no longer configured, for `excess`. */
export const LEFT_OVER = 'https://gone.provider.example';

type Lists = Record<string, string[]>;

/**
 * The body of get_effective_domain after a release (from 1). A release reaches the provider's own lists first; of a
 * `pending` mini program the latest one is not in force yet.
 */
export function answerOf(
  kind: PatternKind,
  product: number,
  release: number,
  releases: number,
  own = ownDomain('own'),
): string {
  const latest = release === releases;
  const configured = providerLists(product, release);
  const inForce = kind === 'pending' && latest ? providerLists(product, release - 1) : structuredClone(configured);
  if (kind === 'excess' && latest) inForce['requestdomain']?.push(LEFT_OVER);
  if (kind === 'own') inForce['requestdomain']?.push(own);
  return JSON.stringify({
    errcode: 0,
    errmsg: 'ok',
    mp_domain: { ...emptyLists(), requestdomain: kind === 'own' ? [own] : [] },
    third_domain: configured,
    direct_domain: emptyLists(),
    effective_domain: inForce,
  });
}

function providerLists(product: number, release: number): Lists {
  const host = (name: string) => `https://${name}.p${product}.provider.example`;
  return {
    requestdomain: [
      COMMON_DOMAIN,
      ...['account', 'cart', 'coupon', 'goods', 'live', 'map', 'order', 'pay', 'search', 'track'].map(host),
      releaseDomain(product, release),
      releaseDomain(product, release - 1),
    ],
    wsrequestdomain: [`wss://chat.p${product}.provider.example`, 'wss://live.provider.example'],
    uploaddomain: [host('upload'), 'https://files.provider.example'],
    downloaddomain: [host('cdn'), host('img'), 'https://files.provider.example'],
    udpdomain: [],
    tcpdomain: [],
  };
}

function emptyLists(): Lists {
  return Object.fromEntries(DOMAIN_LISTS.map((list) => [list, []]));
}
