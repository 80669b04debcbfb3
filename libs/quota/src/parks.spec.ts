import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { announced, announcements } from './park-store.ts';
import { type Park, Parks, isForgotten, minuteParkSeconds, strikesLeft } from './parks.ts';
import { mayBeStopped, quotaHolder } from './quota-holder.ts';

const park = (authorizerAppid: string, more: Partial<Park> = {}): Park => ({
  componentAppid: 'wxc1',
  authorizerAppid,
  path: '/wxa/x',
  errcode: 45011,
  parkedAtMs: 0,
  untilMs: 60_000,
  probeAtMs: null,
  strikes: 1,
  version: 1,
  sinceMs: 0,
  hasProbe: false,
  ...more,
});

describe('parks', () => {
  it('doubles the wait after 45011 with every strike, up to a limit', () => {
    const lengths = [1, 2, 3, 4, 5, 60].map((strikes) => minuteParkSeconds(strikes, { seconds: 60, maxSeconds: 600 }));
    expect(lengths).toEqual([60, 120, 240, 480, 600, 600]);
  });

  it('forgives a strike for each quiet minute after the end', () => {
    const three = park('', { strikes: 3 });
    expect([0, 60_000, 119_999, 120_000, 180_000, 240_000, 900_000].map((now) => strikesLeft(three, now))).toEqual([
      3, 3, 3, 2, 1, 0, 0,
    ]);
    expect([59_999, 60_000, 239_999, 240_000].map((now) => isForgotten(three, now))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('keeps memory bounded, platforms before merchants', () => {
    const parks = new Parks(3);
    parks.put(park(''));
    for (let n = 0; n < 100; n += 1) parks.put(park(`wx${n}`));
    expect([...parks.all()].map((one) => one.authorizerAppid)).toEqual(['', 'wx98', 'wx99']);
  });

  it('removes the very park that was meant', () => {
    const parks = new Parks(10);
    const earlier = park('wx1');
    parks.put(earlier);
    parks.put(park('wx1', { version: 2 }));
    expect(parks.remove(earlier)).toBe(false);
    expect(parks.find('wxc1', 'wx1', '/wxa/x')).toMatchObject({ version: 2 });
  });

  it('tells other processes which keys changed, in payloads that PostgreSQL takes', () => {
    const keys = fc.array(
      fc.record({
        componentAppid: fc.stringMatching(/^wx[a-z0-9]{1,30}$/),
        authorizerAppid: fc.stringMatching(/^(wx[a-z0-9]{1,30})?$/),
        path: fc.stringMatching(/^\/[a-z/_]{1,60}$/),
      }),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(keys, (all) => {
        const payloads = announcements('source', all);
        expect(payloads.every((payload) => Buffer.byteLength(payload) < 8000)).toBe(true);
        expect(payloads.map(announced).flatMap(({ source, keys: some }) => (source === 'source' ? some : []))).toEqual(
          all,
        );
      }),
    );
    expect(announced('somebody\nno key\n\na b c d')).toEqual({ source: 'somebody', keys: [] });
  });

  it('knows whose quota a call uses', () => {
    expect(quotaHolder('/wxa/get_effective_domain', 'wx1')).toBe('wx1');
    expect(quotaHolder('/cgi-bin/component/api_authorizer_token', 'wx1')).toBe('');
    expect(quotaHolder('/cgi-bin/get_api_domain_ip', undefined)).toBe('');
    expect(mayBeStopped('/cgi-bin/component/clear_quota/v2')).toBe(false);
    expect(mayBeStopped('/cgi-bin/component/api_component_token')).toBe(true);
  });
});
