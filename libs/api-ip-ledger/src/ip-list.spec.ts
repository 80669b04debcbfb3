import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseIp, normaliseIpList } from './ip-list.ts';

describe('one entry', () => {
  it.each([
    ['101.89.47.18', '101.89.47.18'],
    [' 101.226.103.0/25 ', '101.226.103.0/25'],
    ['101.226.103.77/25', '101.226.103.0/25'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:db8:ffff::/33', '2001:db8:8000::/33'],
    ['::/0', '::/0'],
    ['::1/128', '::1'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
  ])('%s is %s', (text, normal) => {
    expect(normaliseIp(text)).toBe(normal);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    '1.2.3.4/08',
    '01.2.3.4',
    'fe80::1%eth0',
    '::/129',
    'weixin.qq.com',
    '1.2.3.4/24/24',
  ])('%j is none', (text) => {
    expect(normaliseIp(text)).toBeNull();
  });

  it('has one normal form', () => {
    const entry = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, length]) => `${ip}/${length}`),
      fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([ip, length]) => `${ip}/${length}`),
    );
    fc.assert(
      fc.property(entry, (text) => {
        const normal = normaliseIp(text);
        expect(normal).not.toBeNull();
        expect(normaliseIp(normal ?? '')).toBe(normal);
      }),
    );
  });
});

describe('a list', () => {
  it('holds every entry once in numeric order, and keeps out what is none', () => {
    const list = normaliseIpList([
      '9.0.0.1',
      '10.0.0.0/24',
      '10.0.0.9/24',
      '2001:db8::1',
      '9.0.0.1',
      'nonsense',
      '10.0.0.0',
    ]);
    expect(list.entries).toEqual(['9.0.0.1', '10.0.0.0/24', '10.0.0.0', '2001:db8::1']);
    expect(list.invalid).toEqual(['nonsense']);
  });

  it('has the same digest in any order and repetition', () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { maxLength: 20 }), (list) => {
        const again = [...list, ...list].reverse();
        expect(normaliseIpList(again).digest.equals(normaliseIpList(list).digest)).toBe(true);
      }),
    );
    expect(normaliseIpList(['1.1.1.1']).digest.equals(normaliseIpList(['1.1.1.2']).digest)).toBe(false);
  });
});
