import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { WebhookVerificationError, verifyWebhook } from './webhooks.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const BODY = '{"type":"domains.changed","timestamp":"2026-01-01T00:00:00.000Z","data":{"名":"值"}}';

const signed = (secret: string, at = new Date(), body = BODY) => ({
  'webhook-id': 'evt_wx_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign('evt_wx_1', at, body),
});

describe('verifyWebhook', () => {
  it('reads what another library has signed, with node headers and with Headers', () => {
    for (const headers of [signed(SECRET), new Headers(signed(SECRET))]) {
      expect(verifyWebhook(SECRET, headers, BODY)).toMatchObject({ type: 'domains.changed', data: { 名: '值' } });
      expect(verifyWebhook(SECRET, headers, Buffer.from(BODY))).toMatchObject({ type: 'domains.changed' });
    }
  });

  it('takes either of two secrets, and one of two signatures', () => {
    expect(verifyWebhook([OTHER, SECRET], signed(SECRET), BODY).type).toBe('domains.changed');
    const both = {
      ...signed(SECRET),
      'webhook-signature': `v1a,xxxx ${signed(OTHER)['webhook-signature']} ${signed(SECRET)['webhook-signature']}`,
    };
    expect(verifyWebhook(SECRET, both, BODY).type).toBe('domains.changed');
  });

  it.each([
    ['another secret', signed(OTHER), BODY],
    ['another body', signed(SECRET), `${BODY} `],
    ['an old one', signed(SECRET, new Date(Date.now() - 600_000)), BODY],
    ['one from the future', signed(SECRET, new Date(Date.now() + 600_000)), BODY],
    ['another id', { ...signed(SECRET), 'webhook-id': 'evt_wx_2' }, BODY],
    ['no signature', { ...signed(SECRET), 'webhook-signature': '' }, BODY],
    ['a cut signature', { ...signed(SECRET), 'webhook-signature': 'v1,AAAA' }, BODY],
  ])('refuses %s', (_, headers, body) => {
    expect(() => verifyWebhook(SECRET, headers, body)).toThrow(WebhookVerificationError);
  });
});
