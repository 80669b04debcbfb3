import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseIpList } from './ip-list.ts';
import { textOf, valueOf } from './ip-numbers.ts';
import { networksOf } from './ip-ranges.ts';

const read = (text: string) => normaliseIpList([text]);

describe('several addresses in one entry', () => {
  it.each([
    ['1.2.3.4-1.2.3.9', ['1.2.3.4/30', '1.2.3.8/31']],
    ['1.2.3.4 - 1.2.3.4', ['1.2.3.4']],
    ['1.2.3.4-9', ['1.2.3.4/30', '1.2.3.8/31']],
    ['1.2.3.0/255.255.255.0', ['1.2.3.0/24']],
    ['1.2.3.77/255.255.255.128', ['1.2.3.0/25']],
    ['1.2.3.4/255.255.255.255', ['1.2.3.4']],
    ['1.2.3.*', ['1.2.3.0/24']],
    ['1.2.*.*', ['1.2.0.0/16']],
    ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
    ['2001:db8::-2001:db8::ffff', ['2001:db8::/112']],
  ])('%p is read as %p', (text, entries) => {
    expect(read(text)).toMatchObject({ entries, invalid: [] });
  });

  it.each([
    '1.2.3.9-1.2.3.4',
    '1.2.3.4-999',
    '1.2.3.4-2001:db8::1',
    '1.2.3.4-5-6',
    '1.2.3.0/255.0.255.0',
    '*.*.*.*',
    '1.*.3.*',
    '1.2.*',
    '300.2.3.*',
    'fe80::1%eth0-fe80::2%eth0',
  ])('%p stays unreadable', (text) => {
    expect(read(text)).toMatchObject({ entries: [], invalid: [text] });
  });

  it('a range becomes exactly its addresses', () => {
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(address, address, (a, b) => {
        const [from, to] = [BigInt(Math.min(a, b)), BigInt(Math.max(a, b))];
        const networks = networksOf(`${textOf(from, 32)}-${textOf(to, 32)}`) as string[];
        let next = from;
        for (const network of networks) {
          const [base, prefix] = network.split('/') as [string, string];
          // Each begins where the one before ended, and is a network: no host bits are set.
          expect(valueOf(base, 32)).toBe(next);
          const size = 1n << BigInt(32 - Number(prefix));
          expect(next % size).toBe(0n);
          next += size;
        }
        expect(next).toBe(to + 1n);
      }),
    );
  });
});
