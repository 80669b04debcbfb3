import { Foundation1764000000001 } from './0001-foundation.ts';
import { Access1764000000002 } from './0002-access.ts';
import { Authorizers1764000000003 } from './0003-authorizers.ts';
import { Custody1764000000004 } from './0004-custody.ts';
import { Quota1764000000005 } from './0005-quota.ts';
import { Jobs1764000000006 } from './0006-jobs.ts';
import { Inbox1764000000007 } from './0007-inbox.ts';
import { DomainLedger1764000000008 } from './0008-domain-ledger.ts';
import { ApiIpLedger1764000000009 } from './0009-api-ip-ledger.ts';
import { Events1764000000010 } from './0010-events.ts';
import { Doctor1764000000011 } from './0011-doctor.ts';
import { IdempotentAnswers1764000000012 } from './0012-idempotent-answers.ts';
import { ReconciliationPortions1764000000013 } from './0013-reconciliation-portions.ts';
import { PushAnswers1764000000014 } from './0014-push-answers.ts';
import { LookBatches1764000000015 } from './0015-look-batches.ts';
import { WatchIndexes1764000000016 } from './0016-watch-indexes.ts';
import { ChangeDays1764000000017 } from './0017-change-days.ts';

/** The schemas of the product, without that of the job engine. Others in the same database are somebody else's. */
export const SCHEMAS = [
  'access',
  'custody',
  'quota',
  'jobs',
  'inbox',
  'authorizers',
  'domain_ledger',
  'api_ip_ledger',
  'events',
  'doctor',
] as const;

/**
 * Every migration, in order. The first eleven, one per capability, were released with v0.2.0 and are closed: a change of the schema
 * is a new file that only adds, so that the release before goes on working beside it.
 */
export const migrations = [
  Foundation1764000000001,
  Access1764000000002,
  Authorizers1764000000003,
  Custody1764000000004,
  Quota1764000000005,
  Jobs1764000000006,
  Inbox1764000000007,
  DomainLedger1764000000008,
  ApiIpLedger1764000000009,
  Events1764000000010,
  Doctor1764000000011,
  IdempotentAnswers1764000000012,
  ReconciliationPortions1764000000013,
  PushAnswers1764000000014,
  LookBatches1764000000015,
  WatchIndexes1764000000016,
  ChangeDays1764000000017,
];
