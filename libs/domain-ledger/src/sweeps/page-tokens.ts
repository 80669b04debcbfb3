import type { AuthorizerTokens, BulkLease, PlatformRef, RefreshClaim } from '#libs/custody';
import { AppError, type Log, type Secret } from '#libs/kernel';

export type PageTokensSource = Pick<AuthorizerTokens, 'lease' | 'claimMany' | 'redeem' | 'giveBack'>;

interface Chunk {
  appids: string[];
  claims: Promise<Map<string, RefreshClaim>> | null;
}

/**
 * The access tokens of one page of a sweep. Those to be refreshed are claimed some at a time and a little ahead of their
 * turn: one statement for many of them, and others who want one of these tokens never wait for the whole page.
 */
export class PageTokens {
  private readonly chunks: Chunk[] = [];
  private readonly chunkOf = new Map<string, number>();

  /** @param order mini programs in the order in which they will be asked for */
  constructor(
    private readonly tokens: PageTokensSource,
    private readonly log: Log,
    private readonly platform: PlatformRef,
    private readonly leases: ReadonlyMap<string, BulkLease>,
    order: readonly string[],
    chunkSize: number,
  ) {
    const toRefresh = order.filter((appid) => leases.get(appid) === 'to_refresh');
    for (let from = 0; from < toRefresh.length; from += chunkSize) {
      const appids = toRefresh.slice(from, from + chunkSize);
      for (const appid of appids) this.chunkOf.set(appid, this.chunks.length);
      this.chunks.push({ appids, claims: null });
    }
  }

  /** @throws AppError what `AuthorizerTokens.lease` throws */
  of(authorizerAppid: string, signal: AbortSignal): Promise<{ token: Secret }> | { token: Secret } {
    const lease = this.leases.get(authorizerAppid);
    switch (lease) {
      case 'not_authorized':
        throw new AppError('authorizer_not_authorized', 'the mini program does not authorize the platform');
      case 'reauthorization_required':
        throw new AppError('reauthorization_required', 'the mini program must authorize the platform again');
      case 'to_refresh':
      case undefined:
        return this.refreshed(authorizerAppid, signal);
      default:
        return lease;
    }
  }

  /** Gives back what was claimed and not used; call when no more is asked for. Failures are logged: leases end by themselves. */
  async close(): Promise<void> {
    try {
      const claimed = await Promise.allSettled(this.chunks.flatMap(({ claims }) => claims ?? []));
      await this.tokens.giveBack(
        claimed.flatMap((claims) => (claims.status === 'fulfilled' ? [...claims.value.values()] : [])),
      );
    } catch (error) {
      this.log.warn('domain_sweep.claims_not_given_back', { error });
    }
  }

  private async refreshed(authorizerAppid: string, signal: AbortSignal): Promise<{ token: Secret }> {
    const options = { priority: 'background' as const, signal };
    const index = this.chunkOf.get(authorizerAppid);
    if (index !== undefined) {
      const claims = await this.claimed(index);
      // From the middle of a chunk on, the next one is made ready.
      const { appids } = this.chunks[index]!;
      if (appids.indexOf(authorizerAppid) >= appids.length / 2) this.claimed(index + 1).catch(() => undefined);
      const claim = claims.get(authorizerAppid);
      if (claim) {
        signal.throwIfAborted();
        claims.delete(authorizerAppid);
        return this.tokens.redeem(this.platform, claim, options);
      }
    }
    return this.tokens.lease(this.platform, authorizerAppid, options);
  }

  private claimed(index: number): Promise<Map<string, RefreshClaim>> {
    const chunk = this.chunks[index];
    if (!chunk) return Promise.resolve(new Map<string, RefreshClaim>());
    chunk.claims ??= this.tokens.claimMany(this.platform, chunk.appids);
    return chunk.claims;
  }
}
