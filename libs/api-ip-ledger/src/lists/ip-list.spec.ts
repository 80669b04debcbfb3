import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BlockList, isIP } from 'node:net';
import { normaliseIp, normaliseIpList } from './ip-list.ts';

describe('one entry', () => {
  it.each([
    ['101.89.47.18', '101.89.47.18'],
    [' 101.89.47.18\n', '101.89.47.18'],
    ['101.226.103.0/25', '101.226.103.0/25'],
    ['101.226.103.77/25', '101.226.103.0/25'],
    ['101.226.103.77/32', '101.226.103.77'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8::ff:1/64', '2001:db8::/64'],
    ['2001:db8::1/128', '2001:db8::1'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['::ffff:101.89.47.18', '::ffff:6559:2f12'],
  ])('%p is written %p', (given, written) => {
    expect(normaliseIp(given)).toBe(written);
  });

  it.each([
    '',
    ' ',
    'api.weixin.qq.com',
    '101.89.47',
    '101.89.47.256',
    '0101.89.47.18',
    '0x65.89.47.18',
    '101.89.47.18/33',
    '101.89.47.18/',
    '101.89.47.18/-1',
    '101.89.47.18/08',
    '101.89.47.18/24/24',
    '101.89.47.18/255.255.255.0',
    '101.89.47.18-101.89.47.20',
    '101.89.47.18:443',
    '[2001:db8::1]',
    'fe80::1%eth0',
    '2001:db8::/129',
    '1:2:3:4:5:6:7:8:9',
  ])('%p is neither an address nor a network', (given) => {
    expect(normaliseIp(given)).toBeNull();
  });
});

describe('a list', () => {
  it('has every entry once, by number and not by letter, IPv4 first, wider networks first', () => {
    const { entries, invalid } = normaliseIpList([
      '2001:db8::1',
      '101.91.34.103',
      '9.9.9.9',
      '101.89.47.18',
      '101.91.34.103',
      '9.9.9.0/24',
      '9.9.9.0',
      '9.9.9.77/24',
      'example.com',
      '9.9.0.0/16',
      'example.com',
    ]);
    expect(entries).toEqual([
      '9.9.0.0/16',
      '9.9.9.0/24',
      '9.9.9.0',
      '9.9.9.9',
      '101.89.47.18',
      '101.91.34.103',
      '2001:db8::1',
    ]);
    expect(invalid).toEqual(['example.com']);
  });

  it('makes invalid entries fit for a column of text', () => {
    expect(normaliseIpList(['1.2.3.4\u0000']).invalid).toEqual(['1.2.3.4\\u0000']);
  });

  it('has another digest exactly when it has other entries', () => {
    const digest = (...list: string[]) => normaliseIpList(list).digest.toString('hex');
    expect(digest('1.1.1.1', '2.2.2.2')).toBe(digest('2.2.2.2/32', '1.1.1.1', 'nonsense'));
    expect(digest('1.1.1.1')).not.toBe(digest('1.1.1.1', '2.2.2.2'));
    expect(digest('1.1.1.0/24')).not.toBe(digest('1.1.1.0/25'));
  });
});

const v4 = fc.ipV4();
const v6 = fc.ipV6().filter((address) => isIP(address) === 6);
const entry = fc.oneof(
  v4,
  v6,
  fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`),
  fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([address, prefix]) => `${address}/${prefix}`),
);
const anything = fc.oneof(entry, fc.string());

describe('for every list', () => {
  it('what is normal stays as it is', () => {
    fc.assert(
      fc.property(fc.array(anything), (list) => {
        const once = normaliseIpList(list);
        const twice = normaliseIpList(once.entries);
        expect(twice.entries).toEqual(once.entries);
        expect(twice.invalid).toEqual([]);
        expect(twice.digest).toEqual(once.digest);
      }),
    );
  });

  it('order and repetition do not matter', () => {
    const shuffled = fc
      .array(anything)
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
      );
    fc.assert(
      fc.property(shuffled, ([list, mixed]) => {
        expect(normaliseIpList(mixed)).toEqual(normaliseIpList(list));
      }),
    );
  });

  it('no entry is lost: each is either in the list or among the invalid', () => {
    fc.assert(
      fc.property(fc.array(anything), (list) => {
        const { entries, invalid } = normaliseIpList(list);
        for (const each of list) {
          const written = normaliseIp(each);
          if (written === null) expect(invalid).toContain(each.replaceAll('\u0000', '\\u0000'));
          else expect(entries).toContain(written);
        }
        expect(new Set(entries).size).toBe(entries.length);
      }),
    );
  });

  it("the written form covers the address that was given, in Node's own judgement", () => {
    fc.assert(
      fc.property(entry, (given) => {
        const written = normaliseIp(given)!;
        const [base, prefix] = written.split('/') as [string, string | undefined];
        const family = isIP(base) === 4 ? 'ipv4' : 'ipv6';
        const covered = new BlockList();
        if (prefix === undefined) covered.addAddress(base, family);
        else covered.addSubnet(base, Number(prefix), family);
        expect(covered.check(given.split('/')[0]!, family)).toBe(true);
      }),
    );
  });
});
