import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  domainCandidates,
  hasAnyGroup,
  normaliseDomain,
  normaliseEffectiveDomains,
  shownDomains,
  unknownLists,
} from './normalise.ts';
import { DOMAIN_GROUPS, DOMAIN_LISTS, slotIndex } from './slots.ts';
import { digestsOf } from './digest.ts';

describe('one domain', () => {
  it.each([
    ['https://API.Example.COM', 'https://api.example.com'],
    ['HTTPS://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com:8443', 'https://api.example.com:8443'],
    ['https://api.example.com:443', 'https://api.example.com:443'],
    ['https://例子.测试', 'https://xn--fsqu00a.xn--0zwm56d'],
    ['https://api.example.com/Path/', 'https://api.example.com/Path/'],
    ['  wss://ws.example.com ', 'wss://ws.example.com'],
    ['udp://Host.example.com:9000', 'udp://host.example.com:9000'],
    ['www.Example.com', 'www.example.com'],
    ['https://*.example.com', 'https://*.example.com'],
    ['https://[2001:DB8::1]:8443/', 'https://[2001:db8::1]:8443'],
    ['', ''],
  ])('%s is %s', (entry, normal) => {
    expect(normaliseDomain(entry)).toBe(normal);
  });

  it('has one normal form, whatever came', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' }), fc.string({ maxLength: 3000 })), (entry) => {
        const normal = normaliseDomain(entry);
        expect(normaliseDomain(normal)).toBe(normal);
        expect(normal.length).toBeLessThanOrEqual(1000);
        // eslint-disable-next-line no-control-regex
        expect(normal).not.toMatch(/[\u0000-\u001f]|\p{Surrogate}/u);
      }),
    );
  });

  it('is found with or without its scheme', () => {
    expect(domainCandidates('API.example.com', 'wsrequestdomain')).toEqual([
      'api.example.com',
      'wss://api.example.com',
    ]);
    expect(domainCandidates('https://api.example.com/')).toEqual(['https://api.example.com']);
    expect(domainCandidates('a.cn')).toContain('udp://a.cn');
  });
});

describe('a reply', () => {
  const entries = fc.array(
    fc.domain().map((host) => `https://${host}`),
    { maxLength: 5 },
  );
  const reply = fc.record(
    Object.fromEntries(
      DOMAIN_GROUPS.map((group) => [
        group,
        fc.record(Object.fromEntries(DOMAIN_LISTS.map((list) => [list, entries])), { requiredKeys: [] }),
      ]),
    ),
    { requiredKeys: [] },
  );

  it('keeps absent and empty lists apart, and lists that were sent in their place', () => {
    const content = normaliseEffectiveDomains({
      errcode: 0,
      mp_domain: { requestdomain: [], udpdomain: null },
      effective_domain: { tcpdomain: ['tcp://B.cn', 'tcp://a.cn', 'tcp://b.cn'] },
    });
    expect(content[slotIndex('mp_domain', 'requestdomain')]).toEqual([]);
    expect(content[slotIndex('mp_domain', 'udpdomain')]).toBeNull();
    expect(content[slotIndex('effective_domain', 'tcpdomain')]).toEqual(['tcp://a.cn', 'tcp://b.cn']);
    expect(content.filter((list) => list !== null)).toHaveLength(2);
  });

  it('is not disturbed by anything it does not know', () => {
    const plain = { third_domain: { requestdomain: ['https://a.cn'] } };
    const odd = {
      third_domain: { requestdomain: ['https://a.cn'], newdomain: ['https://b.cn'] },
      mp_domain: [],
      fifth_domain: { requestdomain: ['https://c.cn'] },
    };
    expect(normaliseEffectiveDomains(odd)).toEqual(normaliseEffectiveDomains(plain));
    for (const nothing of [null, undefined, 7, 'x', [], {}]) {
      expect(normaliseEffectiveDomains(nothing).every((list) => list === null)).toBe(true);
    }
  });

  it('has the same digest in any order, letter case and number of repetitions, and another one for any other content', () => {
    fc.assert(
      fc.property(reply, reply, fc.infiniteStream(fc.boolean()), (one, other, coins) => {
        const shuffled = Object.fromEntries(
          Object.entries(one).map(([group, lists]) => [
            group,
            Object.fromEntries(
              Object.entries(lists as Record<string, string[]>).map(([list, names]) => [
                list,
                [...names, ...names.filter(() => coins.next().value)]
                  .reverse()
                  .map((name) => (coins.next().value ? name.toUpperCase() + '/' : name)),
              ]),
            ),
          ]),
        );
        const digest = (value: unknown) => digestsOf(normaliseEffectiveDomains(value)).content.toString('hex');
        expect(digest(shuffled)).toBe(digest(one));
        const same =
          JSON.stringify(normaliseEffectiveDomains(one)) === JSON.stringify(normaliseEffectiveDomains(other));
        expect(digest(one) === digest(other)).toBe(same);
      }),
    );
  });

  it('has the digests under which it is stored', () => {
    const { lists, content } = digestsOf([['https://a.example.com', 'https://xn--fiqs8s.example'], [], null]);
    expect(lists.map((digest) => digest?.toString('hex'))).toEqual([
      'e0e0f0fc7eed83c96326ff4d5eb1f4a9e860b652d73984342a0df324ee84d09c',
      '679a0ff99a8d9dc596f9b3b1259a79810b51f83205fcb4f8420743c9d6fb1ad2',
      undefined,
    ]);
    expect(content.toString('hex')).toBe('5addeedf7250b6c39d9e148295124f1c34609f49bb8459af068c81d1ebb0b08c');
  });

  it('is shown as it was sent', () => {
    fc.assert(
      fc.property(reply, (sent) => {
        expect(shownDomains({ errcode: 0, ...sent, more: 1 })).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });

  it.each([
    ['joined text', 'https://a.cn;https://b.cn', ['https://a.cn', 'https://b.cn']],
    ['one text', 'https://a.cn', ['https://a.cn']],
    ['a map with numbers as keys', { 1: 'https://b.cn', 0: 'https://a.cn' }, ['https://a.cn', 'https://b.cn']],
  ])('is read where its form is obvious: %s', (_, sent, domains) => {
    const odd = { effective_domain: { requestdomain: sent } };
    const documented = { effective_domain: { requestdomain: domains } };
    expect(normaliseEffectiveDomains(odd)).toEqual(normaliseEffectiveDomains(documented));
    expect(shownDomains(odd)).toEqual(documented);
    expect(unknownLists(odd)).toEqual({ all: 0, odd: 0 });
  });

  it.each([
    ['a list of objects', [{ url: 'https://a.cn' }]],
    ['an entry that is no text', ['https://a.cn', null]],
    ['only null in it', [null]],
    ['false', false],
    ['a number', 7],
    ['a word', 'none'],
    ['an empty text', ''],
    ['a map of something else', { a: 'https://a.cn' }],
  ])('is unknown, neither empty nor gone, where a list cannot be read: %s', (_, sent) => {
    const slot = slotIndex('third_domain', 'requestdomain');
    const reply = { third_domain: { requestdomain: sent }, effective_domain: { requestdomain: [] } };
    expect(normaliseEffectiveDomains(reply)[slot]).toBeNull();
    expect(unknownLists(reply)).toEqual({ all: 1 << slot, odd: 1 << slot });
    expect(shownDomains(reply).third_domain).toEqual({});
  });

  it('says nothing of a list that is null, and of all lists of a group that is', () => {
    const mask = (list: 'requestdomain' | 'tcpdomain') => 1 << slotIndex('mp_domain', list);
    expect(unknownLists({ mp_domain: { requestdomain: null } })).toEqual({ all: mask('requestdomain'), odd: 0 });
    expect(unknownLists({ mp_domain: null })).toMatchObject({ all: 0b111111, odd: 0 });
    expect(unknownLists({ mp_domain: 'none' })).toMatchObject({ all: 0b111111, odd: 0b111111 });
    // PHP writes an empty object like this.
    expect(unknownLists({ mp_domain: [] })).toEqual({ all: 0, odd: 0 });
    for (const reply of [{ errcode: 0 }, {}, { mp_domain: null }, { mp_domain: [] }])
      expect(hasAnyGroup(reply)).toBe(false);
    expect(hasAnyGroup({ third_domain: {} })).toBe(true);
  });
});
