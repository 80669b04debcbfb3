import { Injectable } from '@nestjs/common';
import { AuthorizerDirectory } from '#libs/authorizers';
import type { PlatformRef } from '#libs/custody';
import { DomainSnapshots, type StaleSubject } from '#libs/domain-ledger';
import { runBounded } from '#libs/jobs';
import { AppError, Log } from '#libs/kernel';

/** Snapshots taken at once for one assertion, and how long new ones are started, in milliseconds. */
const FETCH_CONCURRENCY = 16;
const FETCH_MS = 20_000;

/** New snapshots of mini programs whose last observation is too old for an answer. */
@Injectable()
export class StaleSnapshots {
  constructor(
    private readonly directory: AuthorizerDirectory,
    private readonly snapshots: DomainSnapshots,
    private readonly log: Log,
  ) {}

  /**
   * An account that cannot be read keeps its existing observation; the failure is recorded in its history.
   *
   * @returns how many were taken
   */
  async refresh(platform: PlatformRef, stale: readonly StaleSubject[]): Promise<number> {
    let fetched = 0;
    const take = async ({ authorizerId, authorizerAppid }: StaleSubject) => {
      try {
        const ref = await this.directory.ref(platform, authorizerAppid);
        if (ref?.authorizerId !== authorizerId) return;
        await this.snapshots.take(platform, { ...ref, authorizerAppid });
        fetched += 1;
      } catch (error) {
        if (!(error instanceof AppError)) {
          this.log.warn('assertion.fetch_failed', { authorizer_appid: authorizerAppid, error });
        }
      }
    };
    await runBounded(stale, FETCH_CONCURRENCY, take, AbortSignal.timeout(FETCH_MS));
    return fetched;
  }
}
