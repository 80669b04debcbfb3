import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rateLimitKey } from './rate-limit-key.ts';

describe('an address is limited', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0000:0000:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3:4:5:6:7', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['no address', 'no address'],
    ['not:an:address', 'not:an:address'],
  ])('%s as %s', (address, by) => {
    expect(rateLimitKey(address)).toBe(by);
  });

  it('as all others of its /64, and as none of another', () => {
    const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    const text = (groups: number[]) => groups.map((group) => group.toString(16)).join(':');
    fc.assert(
      fc.property(half, half, half, half, (network, one, other, elsewhere) => {
        fc.pre(network.some((group) => group !== 0) && elsewhere.some((group) => group !== 0));
        const by = rateLimitKey(text([...network, ...one]));
        expect(rateLimitKey(text([...network, ...other]))).toBe(by);
        expect(rateLimitKey(text([...elsewhere, ...one])) === by).toBe(text(elsewhere) === text(network));
      }),
    );
  });
});
