import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { AppError } from '#libs/kernel';
import { EventsOptions } from '../events-options.ts';

/** Networks that no receiver is in: private, special, documentation, and those that carry other addresses inside. */
const BLOCKED_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
/** Inside of 2000::/3; everything outside of it is blocked anyway (`::1`, fc00::/7, fe80::/10, 64:ff9b::/96, ff00::/8 …). */
const BLOCKED_V6 = ['2001::/32', '2001:db8::/32', '2002::/16', '3fff::/20'];
const GLOBAL_V6 = ['2000::/3'];

const blocked = listOf([...BLOCKED_V4, ...BLOCKED_V6]);
const globalV6 = listOf(GLOBAL_V6);

/** Whether an address is in a private or special network, or is none at all: nobody on the internet has it. */
export function isSpecialAddress(address: string): boolean {
  const plain = withoutMapping(address);
  const family = familyOf(plain);
  return isIP(plain) === 0 || blocked.check(plain, family) || (family === 'ipv6' && !globalV6.check(plain, 'ipv6'));
}

function familyOf(plain: string): 'ipv4' | 'ipv6' {
  return isIPv4(plain) ? 'ipv4' : 'ipv6';
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;
/** How a name is resolved; as `dns.lookup` with `all`. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** An address that nothing is sent to, or a name that has none. */
export class TargetRefused extends Error {
  override name = 'TargetRefused';
  readonly code = 'ERR_TARGET_REFUSED';
}

/**
 * Decides where webhooks and relays may go. Names are resolved once for a connection: the addresses that are judged are the
 * addresses that are connected to. Literal addresses never reach a lookup, so they are judged before.
 */
@Injectable()
export class TargetPolicy {
  private readonly opened: BlockList;

  constructor(
    options: EventsOptions,
    private readonly resolve: Resolve = dnsLookup,
  ) {
    this.opened = listOf(options.networks);
  }

  /**
   * Reads a URL and refuses what can be refused without a network.
   * @throws TargetRefused
   */
  parse(text: string): URL {
    if (text.length > 2048 || !URL.canParse(text)) throw new TargetRefused('must be a URL of at most 2,048 characters');
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TargetRefused('must begin with https://');
    if (url.username !== '' || url.password !== '') throw new TargetRefused('must not hold a user name or password');
    if (url.hash !== '') throw new TargetRefused('must not have a fragment');
    if (url.hostname === '') throw new TargetRefused('must name a host');
    const literal = literalOf(url);
    if (literal !== null) this.judge(literal, url.protocol);
    return url;
  }

  /**
   * Judges every address of the host; for a receiver that is being set up.
   * @throws AppError invalid_request at `url`
   */
  async assertAllowed(text: string): Promise<URL> {
    try {
      const url = this.parse(text);
      if (literalOf(url) === null) await this.addressesOf(url.hostname, url.protocol);
      return url;
    } catch (error) {
      if (!(error instanceof TargetRefused)) throw error;
      throw AppError.invalid('url', error.message);
    }
  }

  /** A lookup for connections to `protocol`: fails when any address of the name is blocked. */
  lookupFor(protocol: string) {
    return (name: string, options: LookupOptions, callback: LookupCallback): void => {
      this.addressesOf(name, protocol).then(
        (addresses) => {
          if (options.all) callback(null, addresses);
          else callback(null, (addresses[0] as LookupAddress).address, (addresses[0] as LookupAddress).family);
        },
        (error: Error) => callback(error as NodeJS.ErrnoException, []),
      );
    };
  }

  /** @throws TargetRefused */
  judge(address: string, protocol: string): void {
    const plain = withoutMapping(address);
    if (isIP(plain) !== 0 && this.opened.check(plain, familyOf(plain))) return;
    if (isSpecialAddress(plain)) {
      throw new TargetRefused(
        `leads to ${plain}, which is in a private or special network: WEBHOOK_NETWORKS opens networks`,
      );
    }
    if (protocol !== 'https:') {
      throw new TargetRefused('must begin with https://; http:// is allowed only to networks in WEBHOOK_NETWORKS');
    }
  }

  private addressesOf(name: string, protocol: string): Promise<LookupAddress[]> {
    return new Promise((resolve, reject) => {
      this.resolve(name, { all: true }, (error, addresses) => {
        if (error || addresses.length === 0) return reject(new TargetRefused(`${name} has no address`));
        try {
          for (const { address } of addresses) this.judge(address, protocol);
          resolve(addresses);
        } catch (refused) {
          reject(refused instanceof Error ? refused : new TargetRefused(`${name} is refused`));
        }
      });
    });
  }
}

/** The address in the place of the host, if it is one; WHATWG has made `127.1`, `0x7f.1` and `2130706433` into `127.0.0.1`. */
function literalOf({ hostname }: URL): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.replace(/\.$/, '');
  return isIP(bare) === 0 ? null : bare;
}

/** `::ffff:7f00:1` and `::ffff:127.0.0.1` are 127.0.0.1. */
function withoutMapping(address: string): string {
  const [bare] = address.split('%') as [string];
  if (isIP(bare) !== 6) return bare;
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written);
  if (!mapped) return written;
  const [high, low] = [parseInt(mapped[1] as string, 16), parseInt(mapped[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string | undefined];
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return list;
}
