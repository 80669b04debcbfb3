import ipaddr from 'ipaddr.js';

/** Addresses and networks in normal form (`192.0.2.0/24`, host bits cleared); null for what is neither. */
export function normalNetwork(text: string): string | null {
  try {
    const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : withAllBits(ipaddr.parse(text));
    const network =
      address.kind() === 'ipv4'
        ? ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bits}`)
        : v6Network(address, bits);
    return `${network.toString()}/${bits}`;
  } catch {
    return null;
  }
}

/** Whether the address lies in one of the networks. IPv4 in IPv6 counts as IPv4. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    const range = ipaddr.parseCIDR(network);
    return parsed.kind() === range[0].kind() && parsed.match(range);
  });
}

/** Whether each of the networks lies within one of the others. */
export function allWithin(networks: readonly string[], others: readonly string[]): boolean {
  return networks.every((network) => {
    const [address, bits] = ipaddr.parseCIDR(network);
    return others.some((other) => {
      const range = ipaddr.parseCIDR(other);
      return address.kind() === range[0].kind() && bits >= range[1] && address.match(range);
    });
  });
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function withAllBits(address: Address): [Address, number] {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function v6Network(address: Address, bits: number): ipaddr.IPv6 {
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`);
}
