import { Module } from '@nestjs/common';
import { CustodyModule } from '#libs/custody';
import { EventsModule } from '#libs/events';
import { JobsModule } from '#libs/jobs';
import { SealedTables, Settings } from '#libs/kernel';
import { PushClaims } from './dispatch/push-claims.ts';
import { PushDispatcher } from './dispatch/push-dispatcher.ts';
import { PushHandlers } from './dispatch/push-handlers.ts';
import { InboxOptions } from './inbox-options.ts';
import { EarlyWithdrawals } from './intake/early-withdrawals.ts';
import { MissedPushes } from './intake/missed-pushes.ts';
import { PushAnswers } from './intake/push-answers.ts';
import { PushInbox } from './intake/push-inbox.ts';
import { PushStore } from './intake/push-store.ts';
import { RefusedPushes } from './intake/refused-pushes.ts';
import { PushArchive, inboxSealedTables } from './push-archive.ts';

/** What WeChat pushes: verified, stored, dispatched to the handlers that libraries of a higher rank have added. */
@Module({
  imports: [CustodyModule, EventsModule, JobsModule],
  providers: [
    {
      provide: InboxOptions,
      useFactory: ({ wechat }: Settings) =>
        // Handling a push makes four calls at most: a component token, the code, the account, once more after a lost reply.
        Object.assign(new InboxOptions(), { leaseSeconds: Math.ceil(wechat.timeoutMs / 1000) * 4 + 5 }),
      inject: [Settings],
    },
    EarlyWithdrawals,
    MissedPushes,
    PushAnswers,
    PushArchive,
    PushClaims,
    PushDispatcher,
    PushHandlers,
    PushInbox,
    PushStore,
    RefusedPushes,
  ],
  exports: [PushAnswers, PushArchive, PushDispatcher, PushHandlers, PushInbox, RefusedPushes],
})
export class InboxModule {
  constructor(sealedTables: SealedTables) {
    sealedTables.add(inboxSealedTables);
  }
}
