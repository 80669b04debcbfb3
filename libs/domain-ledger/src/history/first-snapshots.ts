import { Injectable } from '@nestjs/common';
import { AuthorizerDirectory, FirstLooks, firstSnapshots } from '#libs/authorizers';
import { ComponentAccounts, type PlatformRef } from '#libs/custody';
import { JobHandlers, handleJob } from '#libs/jobs';
import { AppError } from '#libs/kernel';
import { DomainSnapshots } from './domain-snapshots.ts';

/** What is recorded against a look; the mini program is looked at again when that changes. */
const NOT_NOW = new Set([
  'permission_set_missing',
  'authorizer_not_authorized',
  'reauthorization_required',
  'not_found',
]);

/** Takes the first snapshots of mini programs, soon after they authorized the platform. */
@Injectable()
export class FirstSnapshots {
  constructor(
    handlers: JobHandlers,
    private readonly accounts: ComponentAccounts,
    private readonly directory: AuthorizerDirectory,
    private readonly snapshots: DomainSnapshots,
    firstLooks: FirstLooks,
  ) {
    handlers.add(
      handleJob(firstSnapshots, async ({ platformId }, { signal }) => {
        const platform = await this.accounts.refOf(platformId);
        if (!platform) return;
        await firstLooks.work(platform, ({ authorizerAppid }) => this.take(platform, authorizerAppid, signal), signal);
      }),
    );
  }

  private async take(platform: PlatformRef, authorizerAppid: string, signal: AbortSignal | undefined): Promise<void> {
    const ref = await this.directory.ref(platform, authorizerAppid);
    if (!ref) return;
    try {
      await this.snapshots.take(platform, { ...ref, authorizerAppid }, { priority: 'background', signal });
    } catch (error) {
      if (!(error instanceof AppError && NOT_NOW.has(error.code))) throw error;
    }
  }
}
