import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers as a server has them: `request.headers` of node:http, or a `Headers`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | string[] | undefined>>;

/** A body that was not signed with this secret, or not at about this time. */
export class WebhookVerificationError extends Error {
  override name = 'WebhookVerificationError';
}

/** What every webhook of the hub holds. */
export interface WebhookMessage {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  /** Number of the event on its platform, without gaps. */
  sequence?: number;
  platform?: string;
  authorizer_appid?: string | null;
  merchant_id?: string | null;
}

const TOLERANCE_SECONDS = 5 * 60;

/**
 * Checks a webhook (Standard Webhooks 1.0, `v1`) and reads it. Give it the body exactly as it came: a parsed and printed one has
 * another signature. Remove duplicates by the header `webhook-id`.
 * @param secret `whsec_…`, as it was shown when the endpoint was created; several during a rotation
 * @throws WebhookVerificationError
 */
export function verifyWebhook(
  secret: string | readonly string[],
  headers: WebhookHeaders,
  body: string | Buffer,
): WebhookMessage {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    throw new WebhookVerificationError('webhook-timestamp is more than five minutes away');
  }
  const text = typeof body === 'string' ? body : body.toString('utf8');
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const expected = secrets.map((each) =>
    createHmac('sha256', Buffer.from(each.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${timestamp}.${text}`)
      .digest(),
  );
  const given = signatures
    .split(' ')
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => Buffer.from(entry.slice(3), 'base64'));
  const fits = given.some((signature) =>
    expected.some((digest) => signature.length === digest.length && timingSafeEqual(signature, digest)),
  );
  if (!fits) throw new WebhookVerificationError('no signature fits this secret');
  return JSON.parse(text) as WebhookMessage;
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  if (!text) throw new WebhookVerificationError(`the header ${name} is missing`);
  return text;
}
