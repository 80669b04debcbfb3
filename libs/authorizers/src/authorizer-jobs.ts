import { Injectable } from '@nestjs/common';
import { ComponentAccounts, type PlatformRef, authorizationDoubted, authorizationLost } from '#libs/custody';
import { pushesMissed } from '#libs/inbox';
import { JobHandlers, handleJob } from '#libs/jobs';
import { AuthorizerLifecycle } from './authorizations/lifecycle.ts';
import { DetailsReading } from './details/details.ts';
import { exchangeAuthorizationCode, readAuthorizerDetails, refreshAuthorizerInfo, runReconciliation } from './jobs.ts';
import { AuthorizerReconcile } from './reconciliation/reconcile.ts';

/** The handlers of this library's jobs, and of those by which custody tells that an authorization is lost or in doubt. */
@Injectable()
export class AuthorizerJobs {
  constructor(
    private readonly accounts: ComponentAccounts,
    lifecycle: AuthorizerLifecycle,
    details: DetailsReading,
    reconcile: AuthorizerReconcile,
    handlers: JobHandlers,
  ) {
    handlers.add(
      handleJob(refreshAuthorizerInfo, async ({ platformId, authorizerAppid }) => {
        await lifecycle.refreshInfo(await this.platform(platformId), authorizerAppid);
      }),
      handleJob(authorizationDoubted, async ({ platformId, authorizerAppid }) => {
        await lifecycle.refreshInfo(await this.platform(platformId), authorizerAppid);
      }),
      handleJob(authorizationLost, ({ platformId, authorizerAppid }) =>
        lifecycle.markLost(platformId, authorizerAppid),
      ),
      handleJob(readAuthorizerDetails, async ({ platformId, authorizerAppids, askedAt, tries }, { signal }) => {
        await details.read(await this.platform(platformId), authorizerAppids, new Date(askedAt), { tries, signal });
      }),
      handleJob(exchangeAuthorizationCode, async ({ platformId, digest }) => {
        await lifecycle.resumeCode(await this.platform(platformId), digest);
      }),
      handleJob(pushesMissed, async ({ platformId, since }) => {
        await reconcile.startSince(await this.platform(platformId), new Date(since));
      }),
      handleJob(runReconciliation, async ({ platformId, reconciliationId, ...options }, { signal }) => {
        const outcome = await reconcile.run(await this.platform(platformId), reconciliationId, { ...options, signal });
        // `continues`: it has added its next job itself. Otherwise the engine tries again later; by then the lease of the process that had it has expired, or the run has ended.
        if (outcome === 'interrupted') throw new Error('the process stopped before the reconciliation was done');
      }),
    );
  }

  private async platform(platformId: number): Promise<PlatformRef> {
    const found = await this.accounts.refOf(platformId);
    if (!found) throw new Error(`there is no platform ${platformId}`);
    return found;
  }
}
