import type { FastifyRequest } from 'fastify';
import type { Log } from '#libs/kernel';

const WARN_EVERY_MS = 60_000;

/**
 * Warns when requests come through a proxy that TRUSTED_PROXIES does not name: all clients then have the proxy's address, so
 * that limits by address count them as one, and the audit log has the wrong address.
 */
export class ProxyWarning {
  private nextMs = 0;

  constructor(private readonly log: Log) {}

  /** For a request with `X-Forwarded-For`. */
  check(request: Pick<FastifyRequest, 'ip' | 'raw'>): void {
    const peer = request.raw.socket.remoteAddress;
    // A trusted peer's header is used, so that the address is another one.
    if (request.ip !== peer || performance.now() < this.nextMs) return;
    this.nextMs = performance.now() + WARN_EVERY_MS;
    this.log.warn('proxy.not_trusted', {
      peer,
      setting: 'TRUSTED_PROXIES',
      reason:
        'a request has X-Forwarded-For, but its peer is not in TRUSTED_PROXIES: limits and the audit log use the address of the peer',
    });
  }
}
