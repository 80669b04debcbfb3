import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '#libs/kernel';
import { redact, safeCause } from './redaction.ts';

describe('redact', () => {
  it('finds a known value in every spelling it may come back in', () => {
    const value = 'a/b+c=d&e<f>g@@@h';
    for (const text of [
      `x ${value} y`,
      `GET /cgi-bin/x?access_token=${encodeURIComponent(value)} HTTP/1.1`,
      JSON.stringify({ echoed: value }).replaceAll('/', '\\/'),
      `<p>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</p>`,
    ]) {
      const clean = redact(text, [Secret.of(value)]);
      expect(clean).toContain('[redacted]');
      expect(clean).not.toContain('c=d');
      expect(clean).not.toContain('%2Bc');
    }
  });

  it.each([
    [
      '{"component_access_token":"61W3mEpU66027wgNZ","expires_in":7200}',
      '{"component_access_token":"[redacted]","expires_in":7200}',
    ],
    ['{"authorizer_refresh_token" : "short', '{"authorizer_refresh_token" : "[redacted]'],
    ['{"refresh_token":"a\\"b"}', '{"refresh_token":"[redacted]"}'],
    ['<a href="/x?component_access_token=abc&y=1">', '<a href="/x?component_access_token=[redacted]&y=1">'],
    ['the ticket@@@hXh2446N-P9 is stale', 'the ticket@@@[redacted] is stale'],
    [
      '{"errcode":40001,"errmsg":"invalid credential rid: 61930ce9-4e2605ba-0fb2cd5d"}',
      '{"errcode":40001,"errmsg":"invalid credential rid: 61930ce9-4e2605ba-0fb2cd5d"}',
    ],
  ])('%j becomes %j without knowing any value', (text, clean) => {
    expect(redact(text, [])).toBe(clean);
  });

  it('thorough: nothing as long as a token is left, appids stay', () => {
    expect(redact('{"token_under_a_new_name":"61W3mEpU66027wgNZ_MhGHNQ","appid":"wxf8b4f85f3a794e77"}', [], true)).toBe(
      '{"token_under_a_new_name":"[redacted]","appid":"wxf8b4f85f3a794e77"}',
    );
  });

  it('no known secret is ever left, wherever it stands', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_/+=@-]{8,60}$/), fc.string(), fc.string(), (secret, before, after) => {
        expect(redact(before + secret + after, [secret])).not.toContain(secret);
      }),
    );
  });
});

describe('safeCause', () => {
  it('keeps name and code, and neither stack nor what else hung on the error', () => {
    const original = Object.assign(new Error('bad secret-value-1'), {
      name: 'HTTPParserError',
      code: 'HPE_INVALID',
      data: 'secret-value-1',
    });
    const cause = safeCause(original, ['secret-value-1']);
    expect(cause).toMatchObject({ name: 'HTTPParserError', code: 'HPE_INVALID', message: 'bad [redacted]' });
    expect(inspect(cause, { showHidden: true, depth: 9 })).not.toContain('secret-value-1');
  });
});
