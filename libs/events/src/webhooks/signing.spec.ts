import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { Secret } from '#libs/kernel';
import { MAX_ATTEMPTS, retryDelaySeconds } from './retry-schedule.ts';
import { newSigningSecret, signatureOf, signedHeaders } from './signing.ts';

const BODY = JSON.stringify({ type: 'domains.changed', data: { name: '小程序 "x"' } });
const now = () => Math.floor(Date.now() / 1000);

describe('signatures', () => {
  it('are those of the vector of Standard Webhooks', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(signatureOf(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('are verified by standardwebhooks and svix, with either secret during a rotation, and by nobody after it', () => {
    const before = newSigningSecret('v1').secret;
    const after = newSigningSecret('v1').secret;
    const both = signedHeaders([new Secret(after), new Secret(before)], 'evt_wx1_7', now(), BODY);
    for (const secret of [before, after]) {
      for (const Library of [StandardWebhook, SvixWebhook]) {
        expect(new Library(secret).verify(BODY, both)).toEqual(JSON.parse(BODY));
        expect(() => new Library(secret).verify(`${BODY} `, both)).toThrow();
      }
    }
    const later = signedHeaders([new Secret(after)], 'evt_wx1_7', now(), BODY);
    for (const Library of [StandardWebhook, SvixWebhook])
      expect(() => new Library(before).verify(BODY, later)).toThrow();
  });

  it('are made with ed25519 for v1a', () => {
    const { secret, shown } = newSigningSecret('v1a');
    expect(shown).toMatch(/^whpk_/);
    const [version, signature] = signatureOf(secret, 'evt_1', 1_700_000_000, BODY).split(',') as [string, string];
    expect(version).toBe('v1a');
    const raw = Buffer.from(shown.slice(5), 'base64');
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const content = Buffer.from(`evt_1.1700000000.${BODY}`);
    expect(verify(null, content, key, Buffer.from(signature, 'base64'))).toBe(true);
  });
});

describe('the retry schedule', () => {
  it('is the published one with 20 % of jitter, and ends', () => {
    const published = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(MAX_ATTEMPTS).toBe(published.length + 1);
    published.forEach((seconds, index) => {
      expect(retryDelaySeconds(index + 1, null, 0.5)).toBe(seconds);
      expect(retryDelaySeconds(index + 1, null, 0)).toBeCloseTo(seconds * 0.8);
      expect(retryDelaySeconds(index + 1, null, 1)).toBeCloseTo(seconds * 1.2);
    });
    expect(retryDelaySeconds(MAX_ATTEMPTS, 10)).toBeNull();
  });

  it('waits longer when the receiver asks for it, up to a day, and never less', () => {
    expect(retryDelaySeconds(1, 600, 0.5)).toBe(600);
    expect(retryDelaySeconds(1, 10_000_000, 0.5)).toBe(86_400);
    expect(retryDelaySeconds(2, 1, 0.5)).toBe(300);
  });
});
