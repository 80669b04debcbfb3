import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CHECK_IDS, type CheckId } from '#libs/contract';
import type { AnswerTimes, WaitedFor } from '#libs/inbox';
import type { ConfirmFileProbe } from './confirm-files.ts';
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
    toReauthorize: null,
    unnumberedSeconds: null,
    disabledEndpoints: null,
    failingEndpoints: null,
    lateRelays: null,
    ticketLagSeconds: 2,
    addressRefusals: null,
    messageRelays: 1,
    lastEventAt: ago(5),
    lastDeliveredAt: ago(6),
    lastRelayedAt: null,
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
  answers: { hub: { answers: 400, p99Ms: 250, slow: 0 }, backend: { answers: 0, p99Ms: null, slow: 0 } },
  callback: {
    outcome: 'good',
    value: {
      dns: [{ address: '93.184.216.34', operator: 'UNICOM' }],
      pings: [{ address: '93.184.216.34', operator: 'UNICOM', loss: '0%' }],
    },
  },
  startPush: null,
  token: { outcome: 'good', value: { expiresAt: null } },
  domains: { outcome: 'good', value: { published: ['api.example.com'] } },
  furtherRefusals: [],
  confirmFiles: {
    outcome: 'good',
    value: {
      file: { name: 'a1.txt', content: 'c0ffee' },
      probes: [{ domain: 'h5.example.com', outcome: 'served', detail: 'served' }],
    },
  },
  hosts: [
    { host: 'api.weixin.qq.com', outcome: 'reached', ms: 12 },
    { host: 'api2.weixin.qq.com', outcome: 'reached', ms: 40 },
  ],
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

const answersOf = (changes: Partial<Record<WaitedFor, Partial<AnswerTimes>>>) => ({
  answers: {
    hub: { ...WELL.answers.hub, ...changes.hub },
    backend: { ...WELL.answers.backend, ...changes.backend },
  },
});

const filesOf = (outcomes: readonly ConfirmFileProbe['outcome'][]) => ({
  confirmFiles: {
    outcome: 'good' as const,
    value: {
      file: { name: 'a1.txt', content: 'c0ffee' },
      probes: outcomes.map((outcome, no) => ({ domain: `h${no}.example.com`, outcome, detail: `said of ${outcome}` })),
    },
  },
});

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
      ['a slow hub', answersOf({ hub: { answers: 200, p99Ms: null, slow: 3 } }), 'answer_times', 'fail', 'slow_pushes'],
      ['a hub that is slow at night', answersOf({ hub: { slow: 3 } }), 'answer_times', 'warn', 'slow_pushes'],
      ['a hub with a high p99', answersOf({ hub: { p99Ms: 3000 } }), 'answer_times', 'warn', 'slow_pushes'],
      ['a slow backend', answersOf({ backend: { answers: 9, slow: 4 } }), 'answer_times', 'fail', 'slow_backend'],
      ['some slow backends', answersOf({ backend: { answers: 999, slow: 4 } }), 'answer_times', 'warn', 'slow_backend'],
      [
        'a ticket from the future',
        { clocks: { wechatOffsetSeconds: null }, facts: { ticketLagSeconds: -90 } },
        'clocks',
        'fail',
        'clock_wrong',
      ],
      [
        'an old ticket while nothing else is known',
        { clocks: { wechatOffsetSeconds: null }, facts: { ticketLagSeconds: 600 } },
        'clocks',
        'fail',
        'clock_wrong',
      ],
      [
        'a callback URL that WeChat does not have',
        {
          facts: { accepted: 0, lastAcceptedAt: null },
          callback: { outcome: 'refused', errcode: 40201, errmsg: 'no url' },
        },
        'arrivals',
        'fail',
        'no_callback_url',
      ],
      [
        'an appid of no platform, before anything arrived',
        {
          facts: { accepted: 0, lastAcceptedAt: null },
          startPush: { outcome: 'refused', errcode: 40013, errmsg: 'invalid appid' },
        },
        'arrivals',
        'fail',
        'not_a_platform',
      ],
      [
        'pushes that were stopped before anything arrived',
        {
          facts: { accepted: 0, lastAcceptedAt: null },
          startPush: { outcome: 'good', value: { wasStopped: true } },
        },
        'arrivals',
        'fail',
        'ticket_pushes_stopped',
      ],
      [
        'another process at an address that is not listed',
        { facts: { addressRefusals: ['access clientip is not registered requestIP: 203.0.113.9 rid: 1-2-3'] } },
        'egress_address',
        'warn',
        'not_whitelisted',
      ],
      ...(
        [
          ['missing', 'confirm_file_missing'],
          ['wrong', 'confirm_file_wrong'],
          ['certificate', 'confirm_certificate_refused'],
          ['unreachable', 'confirm_domain_unreachable'],
        ] as const
      ).map(([outcome, finding]): [string, Parameters<typeof seen>[0], CheckId, string, string] => [
        `a business domain: ${outcome}`,
        filesOf(['served', outcome]),
        'confirm_files',
        'fail',
        finding,
      ]),
      [
        'a host for outages that is not reachable',
        {
          hosts: [
            { host: 'api.weixin.qq.com', outcome: 'reached', ms: 12 },
            { host: 'api2.weixin.qq.com', outcome: 'unreachable', message: 'connect ETIMEDOUT' },
          ],
        },
        'wechat_addresses',
        'warn',
        'api_host_unreachable',
      ],
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

  it('names the business domains, the file and its place', () => {
    const { evidence } = judge(seen(filesOf(['served', 'wrong', 'missing', 'not_asked']))).get('confirm_files')!;
    expect(evidence).toEqual([
      'h1.example.com: wrong: said of wrong',
      'h2.example.com: missing: said of missing',
      'file a1.txt with the content c0ffee, for example at https://h0.example.com/a1.txt',
      '1 of 4 business domains serve it',
      '1 were not asked in the time for all',
    ]);
    const many = judge(seen(filesOf(Array.from({ length: 30 }, () => 'missing')))).get('confirm_files')!;
    expect(many.evidence).toHaveLength(13);
    expect(many.evidence).toContain('and 20 more');
    const late = judge(seen(filesOf(['served', 'not_asked']))).get('confirm_files');
    expect(late).toMatchObject({ status: 'unknown', finding: null });
  });

  it('skips the file of business domains where there are none', () => {
    const none = { outcome: 'good', value: { file: null, probes: [] } } as const;
    expect(judge({ ...WELL, confirmFiles: none }).get('confirm_files')).toEqual({
      status: 'skipped',
      finding: null,
      evidence: ['the platform has no business domains'],
    });
  });

  it('names accounts that must authorize again', () => {
    const run = { state: 'done', reason: null, withoutRefreshToken: 2, finishedAt: ago(60).toISOString() };
    const judged = judge(seen({ facts: { reconciliation: run, toReauthorize: ['wxa', 'wxb'] } })).get(
      'reconciliation',
    )!;
    expect(judged.evidence.slice(1)).toEqual([
      '2 accounts without a refresh token',
      'must authorize again, among others: wxa, wxb',
    ]);
  });

  it('names every address that WeChat sees', () => {
    const refusal = (address: string) => `access clientip is not registered requestIP: ${address} rid: 1-2-3`;
    const judged = judge(
      seen({
        domains: { outcome: 'refused', errcode: 61004, errmsg: refusal('203.0.113.9') },
        furtherRefusals: [refusal('203.0.113.7'), refusal('203.0.113.9')],
        facts: { addressRefusals: [refusal('2001:db8::7')] },
      }),
    );
    expect(judged.get('egress_address')).toMatchObject({
      status: 'fail',
      finding: 'not_whitelisted',
      evidence: ['WeChat sees 2001:db8::7, 203.0.113.7, 203.0.113.9', 'add all of them'],
    });
  });

  it('says how long real pushes waited, and lets those of a restart pass', () => {
    const { evidence } = judge(WELL).get('answer_times')!;
    expect(evidence).toEqual([
      'the test push was answered after 80 ms',
      '400 pushes in 24 hours: 99 % answered after at most 250 ms, 0 after more than 4 s',
    ]);
    const few = answersOf({ hub: { answers: 20, p99Ms: null, slow: 2 } });
    expect(judge(seen(few)).get('answer_times')?.status).toBe('pass');
  });

  it('says which addresses WeChat calls from where nothing arrives, or how else to learn them', () => {
    const silent = { facts: { accepted: 0, lastAcceptedAt: null } };
    const callback = { kind: 'callback', addresses: ['a', 'b', 'c', 'd'], isStale: false, heldSince: null };
    const known = judge({ ...seen(silent), lists: [callback] }).get('arrivals')!;
    expect(known.evidence.at(-1)).toBe('WeChat calls from 4 addresses (GET /v1/wechat-ips/callback): a, b, c …');
    const first = judge({ ...seen(silent), lists: [] }).get('arrivals')!;
    expect(first.evidence.at(-1)).toContain('are not known yet');
  });

  it('counts refusals by reason and address', () => {
    const refusal = (reason: string, address: string) => ({
      refusedAt: ago(1),
      path: '/wechat/x/events',
      address,
      reason,
    });
    const refused = [
      ...Array.from({ length: 5 }, () => refusal('signature', '203.0.113.9')),
      refusal('malformed', '192.0.2.4'),
    ];
    const { evidence } = judge(seen({ refused })).get('arrivals')!;
    expect(evidence).toContain('refused 5 times: signature from 203.0.113.9');
    expect(evidence).toContain('refused 1 times: malformed from 192.0.2.4');
    // Of yesterday.
    const old = refused.map((each) => ({ ...each, refusedAt: ago(1500) }));
    expect(judge(seen({ refused: old, facts: { accepted: 0, lastAcceptedAt: null } })).get('arrivals')?.finding).toBe(
      'nothing_arrived',
    );
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
