import type { ListToWrite } from './list-to-write.ts';

/**
 * For `nft -f`: sets in a table of their own, filled in one transaction, so that no packet meets half a list. `auto-merge`, because
 * WeChat lists addresses beside networks that hold them.
 */
export function nftables({ name, v4, v6 }: ListToWrite): string {
  const lines = ['add table inet wechat'];
  for (const [entries, family] of [
    [v4, 'ipv4'],
    [v6, 'ipv6'],
  ] as const) {
    const set = `inet wechat ${name}_${family}`;
    lines.push(`add set ${set} { type ${family}_addr; flags interval; auto-merge; }`, `flush set ${set}`);
    if (entries.length > 0) lines.push(`add element ${set} {`, ...entries.map((entry) => `  ${entry},`), '}');
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Sets of ipset have a size; this one has room. */
const MIN_ELEMENTS = 65_536;

/** For `ipset restore`: a new set is filled and takes the place of the old one at once. */
export function ipset({ kind, v4, v6 }: ListToWrite): string {
  const lines: string[] = [];
  for (const [entries, family, ending] of [
    [v4, 'inet', 'v4'],
    [v6, 'inet6', 'v6'],
  ] as const) {
    const set = `wechat-${kind}-${ending}`;
    // hash:net has no network of size 0.
    const members = entries.flatMap((entry) => HALVES[entry] ?? [entry]);
    const type = `hash:net family ${family} maxelem ${Math.max(MIN_ELEMENTS, 2 * members.length)}`;
    lines.push(
      `create ${set} ${type} -exist`,
      `create ${set}-new ${type} -exist`,
      `flush ${set}-new`,
      ...members.map((entry) => `add ${set}-new ${entry}`),
      `swap ${set}-new ${set}`,
      `destroy ${set}-new`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

const HALVES: Readonly<Record<string, string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1'],
};

/**
 * For `iptables-restore --noflush` (IPv6 alone: for `ip6tables-restore --noflush`): one chain, replaced at once, that accepts these
 * addresses and returns for all others. A rule of yours jumps to it.
 */
export function iptables({ kind, v4, v6 }: ListToWrite): string {
  const isV6 = v4.length === 0 && v6.length > 0;
  const chain = `WECHAT-${kind.toUpperCase()}`;
  const option = kind === 'callback' ? '-s' : '-d';
  const other =
    v6.length > 0 && !isV6 ? [`# ${v6.length} IPv6 entries are not in this file: ask with family=ipv6.`] : [];
  const rules = (isV6 ? v6 : v4).map((entry) => `-A ${chain} ${option} ${entry} -j ACCEPT`);
  return [...other, '*filter', `:${chain} - [0:0]`, ...rules, 'COMMIT'].map((line) => `${line}\n`).join('');
}
