import { describe, expect, it } from '@jest/globals';
import { ERRCODES, errcode } from '#libs/wechat-wire';
import {
  type ProtocolFailure,
  type TransportFailure,
  WechatApiError,
  WechatProtocolError,
  WechatTransportError,
} from './errors.ts';
import { retryDecision } from './retry.ts';

const path = '/x';
const api = (code: number) => new WechatApiError(path, { errcode: code, errmsg: '', raw: '' });
const transport = (reason: TransportFailure, sent: boolean) =>
  new WechatTransportError(path, { reason, sent, detail: '' });
const protocol = (reason: ProtocolFailure, status: number | null) =>
  new WechatProtocolError(path, { reason, status, raw: '', detail: '' });
const half = () => 0.5;

describe('retryDecision', () => {
  it.each([
    // error, call, after the first attempt, after the second
    ['-1', api(-1), 50, 200, 50, 200],
    ['concurrent limit', api(9402202), 50, 200, 50, 200],
    ['a token code', api(40001), null, null, null, null],
    ['the minute quota', api(45011), null, null, null, null],
    ['the day quota', api(45009), null, null, null, null],
    ['no authorization', api(61003), null, null, null, null],
    ['an unknown code', api(999999), null, null, null, null],
    ['no connection', transport('connect', false), 50, 200, 50, 200],
    ['a dead kept connection', transport('reset', true), 0, null, null, null],
    ['a break before anything was sent', transport('reset', false), 50, 200, 50, 200],
    ['a timeout', transport('timeout', true), null, null, null, null],
    ['a timeout while connecting', transport('timeout', false), null, null, null, null],
    ['an abort', transport('aborted', true), null, null, null, null],
    ['a closed client', transport('closed', false), null, null, null, null],
    ['half a body', protocol('truncated', 200), 50, 200, null, null],
    ['something that is not HTTP', protocol('not_http', null), 50, 200, null, null],
    ['a gateway page', protocol('bad_status', 502), 50, 200, null, null],
    ['status 429', protocol('bad_status', 429), null, null, null, null],
    ['status 404', protocol('bad_status', 404), null, null, null, null],
    ['an HTML page with status 200', protocol('not_json', 200), null, null, null, null],
    ['another shape', protocol('unexpected_shape', 200), null, null, null, null],
    ['a reply that is too long', protocol('too_large', 200), null, null, null, null],
  ])('%s', (_name, error, first, second, firstOnce, secondOnce) => {
    const pauses = (idempotent: boolean) =>
      [1, 2].map((attempt) => {
        const { retry, delayMs } = retryDecision(error, attempt, { idempotent, random: half });
        return retry ? delayMs : null;
      });
    expect({ idempotent: pauses(true), once: pauses(false) }).toEqual({
      idempotent: [first, second],
      once: [firstOnce, secondOnce],
    });
  });

  it('ends after three attempts, whatever it is', () => {
    for (const error of [api(-1), transport('connect', false), protocol('truncated', 200)]) {
      for (const attempt of [3, 4, 100]) expect(retryDecision(error, attempt, { idempotent: true }).retry).toBe(false);
    }
  });

  it('repeats no code of the table but those that ask for it', () => {
    for (const code of ERRCODES.keys()) {
      if (code !== 0)
        expect([code, retryDecision(api(code), 1, { idempotent: true }).retry]).toEqual([
          code,
          errcode(code).reaction === 'retry',
        ]);
    }
  });

  it('pauses between nothing and the full back-off', () => {
    for (let run = 0; run < 200; run += 1) {
      const { delayMs } = retryDecision(api(-1), 2, { idempotent: true });
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThan(400);
    }
  });
});
