export {
  PushInbox,
  DEFAULT_PUSH_WINDOW,
  type AcceptedPush,
  type PushInboxOptions,
  type PushRequest,
} from './intake/push-inbox.ts';
export type { PushWindow } from './intake/push-store.ts';
export { PushDispatcher, type DrainCounts, type PushDispatcherOptions } from './dispatch/push-dispatcher.ts';
export { PublicationCheck, type PublicationCheckParts } from './publication-check.ts';
export { PUBLICATION_CHECK } from './intake/push-record.ts';
export {
  inboxSealedTables,
  listPushes,
  prunePushes,
  pushBacklog,
  type PushRetention,
  type PushRow,
} from './push-archive.ts';
export { drainPushes } from './jobs.ts';
export type { PushHandler, PushHandlers, PushOutcome, StoredPush } from './dispatch/stored-push.ts';
