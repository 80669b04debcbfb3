import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '#libs/access';
import { ComponentAccounts, TokenInvalidationChannel, type PlatformRef } from '#libs/custody';

const MAX_CACHED = 10_000;

/** Resolves the platform in a request's path. Platform ids are immutable, so a resolved one is cached until platforms change. */
@Injectable()
export class PlatformResolver {
  private readonly byAppid = new LRUCache<string, PlatformRef>({ max: MAX_CACHED });
  private readonly byId = new LRUCache<number, PlatformRef>({ max: MAX_CACHED });

  constructor(
    private readonly accounts: ComponentAccounts,
    channel: TokenInvalidationChannel,
  ) {
    const forget = () => {
      this.byAppid.clear();
      this.byId.clear();
    };
    // Platforms are removed too.
    channel.onPlatforms(forget);
    channel.onGap(forget);
  }

  /**
   * For a key of a platform: that platform, whatever the path names; the caller compares. Nothing else is looked up, so that a
   * platform of another tenant takes exactly as long as one that does not exist.
   */
  resolve({ platformId }: Principal, componentAppid: string): PlatformRef | Promise<PlatformRef | null> {
    const cached = platformId === null ? this.byAppid.get(componentAppid) : this.byId.get(platformId);
    if (cached) return cached;
    const asked = platformId === null ? this.accounts.ref(componentAppid) : this.accounts.refOf(platformId);
    return asked.then((platform) => {
      if (platform) {
        this.byAppid.set(platform.componentAppid, platform);
        this.byId.set(platform.platformId, platform);
      }
      return platform;
    });
  }
}
