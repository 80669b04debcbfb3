export { PushInbox, type AcceptedPush, type PushRequest } from './intake/push-inbox.ts';
export { PushStore } from './intake/push-store.ts';
export { DEFAULT_PUSH_WINDOW, InboxOptions, type PushWindow } from './inbox-options.ts';
export { PushClaims } from './dispatch/push-claims.ts';
export { PushDispatcher, type DrainCounts } from './dispatch/push-dispatcher.ts';
export { PushHandlers } from './dispatch/push-handlers.ts';
export { PUBLICATION_CHECK } from './intake/push-record.ts';
export {
  inboxSealedTables,
  listPushes,
  prunePushes,
  PushArchive,
  pushBacklog,
  type PushRetention,
  type PushRow,
} from './push-archive.ts';
export { drainPushes } from './jobs.ts';
export type { PushHandler, PushOutcome, StoredPush } from './dispatch/stored-push.ts';
