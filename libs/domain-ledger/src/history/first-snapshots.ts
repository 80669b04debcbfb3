import { Injectable } from '@nestjs/common';
import { AuthorizerDirectory, firstSnapshot } from '#libs/authorizers';
import { ComponentAccounts } from '#libs/custody';
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

/** Takes the first snapshot of a mini program, soon after it authorized the platform. */
@Injectable()
export class FirstSnapshots {
  constructor(
    handlers: JobHandlers,
    private readonly accounts: ComponentAccounts,
    private readonly directory: AuthorizerDirectory,
    private readonly snapshots: DomainSnapshots,
  ) {
    handlers.add(
      handleJob(firstSnapshot, ({ platformId, authorizerAppid }, { signal }) =>
        this.take(platformId, authorizerAppid, signal),
      ),
    );
  }

  private async take(platformId: number, authorizerAppid: string, signal: AbortSignal | undefined): Promise<void> {
    const platform = await this.accounts.refOf(platformId);
    const ref = platform && (await this.directory.ref(platform, authorizerAppid));
    if (!platform || !ref) return;
    try {
      await this.snapshots.take(platform, { ...ref, authorizerAppid }, { priority: 'background', signal });
    } catch (error) {
      if (!(error instanceof AppError && NOT_NOW.has(error.code))) throw error;
    }
  }
}
