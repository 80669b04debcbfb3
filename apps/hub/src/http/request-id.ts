import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a client or proxy may send; anything else is replaced, because it goes into log lines and headers. */
const ACCEPTABLE_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

const process = randomBytes(8).toString('hex');
let count = 0;

/** The `X-Request-Id` of the client, or a new id. A counter behind a random prefix: a UUID for each request costs more. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  if (typeof given === 'string' && ACCEPTABLE_ID.test(given)) return given;
  count += 1;
  return `${process}-${count.toString(36)}`;
}

/** The trace id of a `traceparent` header, or undefined. */
export function traceIdOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  const given = request.headers['traceparent'];
  const traceId = typeof given === 'string' ? TRACEPARENT.exec(given)?.[1] : undefined;
  return traceId === undefined || /^0+$/.test(traceId) ? undefined : traceId;
}
