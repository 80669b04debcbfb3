import { Injectable } from '@nestjs/common';
import { PUBLICATION_CHECK, PushDispatcher, PushHandlers, REGISTRATION_TYPES, drainPushes } from '#libs/inbox';
import { JobHandlers, handleJob } from '#libs/jobs';
import { AuthorizerLifecycle } from './lifecycle.ts';
import { PublicationCheck } from './publication-check.ts';

/** Which pushes this library handles, and the job that hands them over. */
@Injectable()
export class AuthorizationPushes {
  constructor(
    lifecycle: AuthorizerLifecycle,
    publicationCheck: PublicationCheck,
    pushes: PushHandlers,
    dispatcher: PushDispatcher,
    jobs: JobHandlers,
  ) {
    for (const infoType of ['authorized', 'updateauthorized', 'unauthorized', ...REGISTRATION_TYPES]) {
      pushes.add(infoType, (push, platform) => lifecycle.apply(push, platform));
    }
    pushes.add(PUBLICATION_CHECK, (push, platform) => publicationCheck.apply(push, platform));
    jobs.add(
      handleJob(drainPushes, async ({ platformId, authorizerAppid }, { signal }) => {
        await dispatcher.drain(platformId, authorizerAppid, { signal });
      }),
    );
  }
}
