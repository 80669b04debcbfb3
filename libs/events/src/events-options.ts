import { DAY_MS } from '#libs/kernel';
/** Limits and times of the feed, of webhooks and of relays. */
export class EventsOptions {
  /** How long events are kept, in ms. */
  retentionMs = 30 * DAY_MS;
  /** How long finished deliveries are kept, in ms. */
  deliveryRetentionMs = 30 * DAY_MS;
  /** Private networks that receivers may be in, as CIDR. */
  networks: readonly string[] = [];
  userAgent = 'wxfleet/0.1';
  /** One attempt to deliver, in ms. */
  attemptTimeoutMs = 15_000;
  /** A test that somebody waits for, in ms. */
  testTimeoutMs = 10_000;
  /** Bytes of a receiver's answer that are kept. */
  excerptBytes = 1000;
  /** For how long a process holds an endpoint without renewing it, in seconds. */
  leaseSeconds = 30;
  /** For how long a process keeps an endpoint that has nothing to send, in ms; not while others wait for their turn. */
  lingerMs = 3000;
  /** Endpoints that one process delivers to at once. */
  drainsPerProcess = 32;
  /** Requests to one endpoint at once; one at a time while it fails. */
  requestsPerEndpoint = 32;
  /** More than one endpoint uses: one that hangs leaves room for others on the same host. */
  connectionsPerReceiver = 128;
  /** Certificates of authorities that are believed instead of the usual ones; undefined: the usual ones. */
  authorities: readonly string[] | undefined = undefined;
  /** Receivers whose address is remembered for the log of attempts. */
  rememberedReceivers = 10_000;
  /** How long WeChat waits for a relay's backend at one of its attempts, in ms; WeChat itself waits 5 s. */
  relayHoldMs = 4500;
  /** Calls of one relay's backend at once, in one process; more are answered `success`. */
  relayConcurrency = 64;
  /** Messages on their way to one relay at once, in mode notify. */
  relayNotifyConcurrency = 8;
  /** Bytes of a backend's answer; a longer one is not used. */
  relayReplyBytes = 64 * 1024;
  /** Events that are looked at to make deliveries of, in one statement. */
  fanOutBatch = 1000;
}
