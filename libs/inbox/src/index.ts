export { PushInbox, type AcceptedPush, type PushRequest } from './intake/push-inbox.ts';
export { EarlyWithdrawals } from './intake/early-withdrawals.ts';
export { PushStore } from './intake/push-store.ts';
export { testPush } from './intake/test-push.ts';
export { RefusedPushes, type RefusedPush } from './intake/refused-pushes.ts';
export { DEFAULT_PUSH_WINDOW, InboxOptions, type PushWindow } from './inbox-options.ts';
export { PushClaims } from './dispatch/push-claims.ts';
export { PushDispatcher, type DrainCounts } from './dispatch/push-dispatcher.ts';
export { PushHandlers } from './dispatch/push-handlers.ts';
export { PUBLICATION_CHECK, REGISTRATION_TYPES } from './intake/push-record.ts';
export {
  inboxSealedTables,
  listPushes,
  prunePushes,
  PushArchive,
  pushBacklog,
  type PushRetention,
  type PushRow,
} from './push-archive.ts';
export { drainPushes, pushesMissed } from './jobs.ts';
export { MissedPushes } from './intake/missed-pushes.ts';
export type { PushHandler, PushOutcome, StoredPush } from './dispatch/stored-push.ts';
export { InboxModule } from './inbox.module.ts';
