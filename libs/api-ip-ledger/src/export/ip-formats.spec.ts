import { describe, expect, it } from '@jest/globals';
import type { ApiIpView } from '#libs/contract';
import { ipListEtag, ipListFormats } from './ip-formats.ts';

const view: ApiIpView = {
  kind: 'callback',
  observed_at: '2026-01-31T08:00:00.000Z',
  stale: false,
  incomplete: false,
  sync_token: 'a1',
  ip_list: ['9.9.9.0/24', '2001:db8::1'],
  held: null,
};

describe('formats of a list', () => {
  it('text has one entry a line', () => {
    expect(ipListFormats.text.render(view)).toBe('9.9.9.0/24\n2001:db8::1\n');
  });

  it('the tag follows list, staleness, kind and format, and not the time of the observation', () => {
    const tag = ipListEtag(view, 'json');
    expect(tag).toMatch(/^"[\w-]{27}"$/);
    expect(ipListEtag({ ...view, observed_at: '2026-02-01T08:00:00.000Z' }, 'json')).toBe(tag);
    const others = [
      ipListEtag(view, 'text'),
      ipListEtag({ ...view, stale: true }, 'json'),
      ipListEtag({ ...view, sync_token: 'a2' }, 'json'),
      ipListEtag({ ...view, kind: 'api-domain' }, 'json'),
    ];
    expect(new Set([tag, ...others]).size).toBe(5);
  });
});
