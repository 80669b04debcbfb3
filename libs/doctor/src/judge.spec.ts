import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CHECK_IDS, type CheckId } from '#libs/contract';
import { judge, type Seen } from './judge.ts';

const NOW = new Date('2026-11-30T08:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

/** A platform of which everything has been seen, and everything is well. */
const WELL: Seen = {
  facts: {
    now: NOW,
    accepted: 144,
    lastAcceptedAt: ago(3),
    accountEvents: 2,
    unpublished: 0,
    miniPrograms: 10,
    unreadable: 0,
    unreadableOnes: null,
    linksOpened: 3,
    linksUsed: 2,
    reconciliation: { state: 'done', reason: null, withoutRefreshToken: 0, finishedAt: ago(60).toISOString() },
    unnumberedSeconds: null,
    disabledEndpoints: null,
    failingEndpoints: null,
    lateRelays: null,
  },
  platform: {
    platformId: 1,
    componentAppid: 'wxplatform',
    name: 'Platform',
    state: 'ready',
    ticketReceivedAt: ago(3),
    ticketExpiresAt: new Date(Date.now() + 11 * 3_600_000),
    componentAccessTokenExpiresAt: null,
    misconfigured: null,
    createdAt: ago(5000),
    previousPushSecrets: null,
  },
  publicUrl: 'https://wx.example.com',
  isSimulated: false,
  clocks: { wrong: null, databaseOffsetSeconds: 0, wechatOffsetSeconds: 0.4 },
  sealProblem: null,
  name: { outcome: 'found', addresses: ['93.184.216.34'] },
  certificate: { outcome: 'good', validUntil: new Date('2027-03-01T00:00:00Z') },
  push: { outcome: 'answered', status: 200, location: null, text: 'success', ms: 80 },
  refused: [],
  startPush: null,
  token: { outcome: 'good', value: { expiresAt: null } },
  domains: { outcome: 'good', value: { published: ['api.example.com'] } },
  lists: [{ kind: 'api-domain', addresses: ['203.0.113.0/24', '198.51.100.7'], isStale: false, heldSince: null }],
  apiHost: { host: 'api.weixin.qq.com', addresses: ['203.0.113.9'] },
};

const seen = (changes: { [Key in keyof Seen]?: Partial<Seen[Key]> | Seen[Key] }): Seen =>
  Object.fromEntries(
    Object.entries(WELL).map(([key, value]) => {
      const change = changes[key as keyof Seen];
      const isPart = change !== undefined && change !== null && typeof change === 'object' && !Array.isArray(change);
      return [key, change === undefined ? value : isPart ? { ...(value as object), ...change } : change];
    }),
  ) as unknown as Seen;

const firstOf = (of: Seen) => {
  const found = [...judge(of)].find(([, { status }]) => status === 'fail' || status === 'warn');
  return found && [found[0], found[1].status, found[1].finding];
};

describe('the judgement of a platform', () => {
  it('finds nothing where everything is well, and says something about every check', () => {
    const judged = judge(WELL);
    expect([...judged.keys()]).toEqual(CHECK_IDS);
    expect([...judged.values()].map(({ status }) => status)).toEqual(CHECK_IDS.map(() => 'pass'));
    expect([...judged.values()].every(({ evidence }) => evidence.length > 0)).toBe(true);
  });

  const cases: [name: string, changes: Parameters<typeof seen>[0], check: CheckId, status: string, finding: string][] =
    [
      [
        'a clock that is wrong',
        { clocks: { wrong: 'hub', databaseOffsetSeconds: 600 } },
        'clocks',
        'fail',
        'clock_wrong',
      ],
      ['another port', { publicUrl: 'https://wx.example.com:8443' }, 'public_url', 'fail', 'not_https'],
      ['a private address', { publicUrl: 'http://192.168.1.4' }, 'public_url', 'fail', 'private_host'],
      ['a private IPv6 address', { publicUrl: 'http://[fd00::1]' }, 'public_url', 'fail', 'private_host'],
      ['a name without a dot', { publicUrl: 'http://hub' }, 'public_url', 'fail', 'private_host'],
      [
        'a name that leads to a private address',
        { name: { outcome: 'found', addresses: ['10.0.0.4'] } },
        'name_and_certificate',
        'fail',
        'name_private',
      ],
      [
        'a certificate that ends soon',
        { certificate: { outcome: 'good', validUntil: new Date(NOW.getTime() + 86_400_000) } },
        'name_and_certificate',
        'warn',
        'certificate_expires',
      ],
      [
        'pushes signed with the previous pair',
        { platform: { previousPushSecrets: { validUntil: NOW, pushesOpened: 3, lastUsedAt: NOW } } },
        'push_secrets',
        'warn',
        'previous_pair_used',
      ],
      ['slow answers', { push: { ms: 2000 } }, 'answer_times', 'warn', 'slow_answers'],
      [
        'a comparison of last week',
        {
          facts: {
            reconciliation: {
              state: 'done',
              reason: null,
              withoutRefreshToken: 0,
              finishedAt: ago(7 * 1440).toISOString(),
            },
          },
        },
        'reconciliation',
        'warn',
        'reconciliation_old',
      ],
      [
        'accounts without tokens',
        {
          facts: {
            reconciliation: { state: 'done', reason: null, withoutRefreshToken: 2, finishedAt: ago(60).toISOString() },
          },
        },
        'reconciliation',
        'warn',
        'tokens_missing',
      ],
      [
        'some merchants without the set',
        { facts: { unreadable: 2, unreadableOnes: ['wxa', 'wxb'] } },
        'permission_set_18',
        'warn',
        'some_lack_set_18',
      ],
      [
        'an API host that is not listed',
        { apiHost: { host: 'api.weixin.qq.com', addresses: ['192.0.2.1'] } },
        'wechat_addresses',
        'warn',
        'address_not_listed',
      ],
      [
        'a list that is held',
        { lists: [{ kind: 'callback', addresses: ['203.0.113.9'], isStale: false, heldSince: '2026-11-30' }] },
        'wechat_addresses',
        'warn',
        'addresses_held',
      ],
      ['events without numbers', { facts: { unnumberedSeconds: 300 } }, 'feed', 'fail', 'feed_behind'],
      [
        'a receiver that fails',
        { facts: { failingEndpoints: ['https://r.example'] } },
        'webhooks_and_relays',
        'warn',
        'endpoint_failing',
      ],
      ['a relay that waits', { facts: { lateRelays: ['desk'] } }, 'webhooks_and_relays', 'warn', 'relay_behind'],
      [
        'no way to WeChat',
        { token: { outcome: 'failed', message: 'connect ECONNREFUSED' }, domains: null },
        'component_token',
        'fail',
        'wechat_not_reachable',
      ],
      [
        'an appid of no platform',
        { token: { outcome: 'refused', errcode: 61011, errmsg: 'invalid component' }, domains: null },
        'component_token',
        'fail',
        'not_a_platform',
      ],
      [
        'a quota that is used up',
        { token: { outcome: 'refused', errcode: 45009, errmsg: 'reach max api daily quota limit' }, domains: null },
        'component_token',
        'fail',
        'quota_used_up',
      ],
    ];
  it.each(cases)('%s', (_, changes, check, status, finding) => {
    expect(firstOf(seen(changes))).toEqual([check, status, finding]);
  });

  it('skips what needs a check that has failed, and says which', () => {
    const judged = judge(seen({ publicUrl: 'http://192.168.1.4' }));
    for (const id of ['name_and_certificate', 'test_push', 'arrivals', 'ticket', 'platform_domains'] as const) {
      expect(judged.get(id)?.status).toBe('skipped');
    }
    expect(judged.get('test_push')?.evidence).toEqual(['needs name_and_certificate, which has not passed']);
    expect(judged.get('permission_set_18')?.status).toBe('pass');
  });

  it('does not take one forged request for a fault of WeChat', () => {
    const one = { refusedAt: ago(1), path: '/wechat/wxplatform/events', address: '192.0.2.9', reason: 'signature' };
    expect(judge(seen({ refused: [one, one] })).get('arrivals')?.status).toBe('pass');
    expect(judge(seen({ refused: [one, one, one] })).get('arrivals')).toMatchObject({
      status: 'fail',
      finding: 'wrong_token',
    });
  });
});

describe('docs/doctor.md', () => {
  it('has a section for every check', () => {
    const text = readFileSync('docs/doctor.md', 'utf8');
    for (const id of CHECK_IDS) expect(text).toContain(`\n## ${id.replaceAll('_', '-')}\n`);
  });
});
