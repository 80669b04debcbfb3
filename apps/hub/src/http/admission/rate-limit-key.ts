import ipaddr from 'ipaddr.js';

/** Groups of an IPv6 address that name the network: a customer is assigned at least a /64. */
const NETWORK_GROUPS = 4;

/**
 * The key by which an address is rate limited: an IPv4 address itself, also when mapped into IPv6 (`::ffff:192.0.2.1`), and the
 * /64 of an IPv6 address. Text that is no address is its own key.
 */
export function rateLimitKey(address: string): string {
  if (!address.includes(':') || !ipaddr.IPv6.isValid(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const network = parsed.parts.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
