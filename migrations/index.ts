import { Foundation1764000000000 } from './1764000000000-foundation.ts';
import { Access1764000001000 } from './1764000001000-access.ts';
import { Custody1764000002000 } from './1764000002000-custody.ts';
import { Quota1764000003000 } from './1764000003000-quota.ts';
import { Jobs1764000003500 } from './1764000003500-jobs.ts';
import { Inbox1764000004000 } from './1764000004000-inbox.ts';
import { Authorizers1764000005000 } from './1764000005000-authorizers.ts';
import { DomainLedger1764000006000 } from './1764000006000-domain-ledger.ts';
import { ApiIpLedger1764000007000 } from './1764000007000-api-ip-ledger.ts';
import { Principals1764000007500 } from './1764000007500-principals.ts';
import { RowSecurity1764000008000 } from './1764000008000-row-security.ts';
import { Upkeep1764000012000 } from './1764000012000-upkeep.ts';
import { ChangesOfADomain1764000013000 } from './1764000013000-changes-of-a-domain.ts';
import { KeysByPlatform1764000014000 } from './1764000014000-keys-by-platform.ts';
import { GuardsByFunction1764000015000 } from './1764000015000-guards-by-function.ts';
import { SmallerFootprint1764000016000 } from './1764000016000-smaller-footprint.ts';
import { ChangeSetsInOneRow1764000017000 } from './1764000017000-change-sets-in-one-row.ts';
import { TokensMaybeReplaced1764000018000 } from './1764000018000-tokens-maybe-replaced.ts';
import { ListsAcceptedShort1764000021000 } from './1764000021000-lists-accepted-short.ts';
import { WholePlatformSecrets1764000022000 } from './1764000022000-whole-platform-secrets.ts';
import { FailuresOfOthers1764000023000 } from './1764000023000-failures-of-others.ts';
import { DirectDomainsInForce1764000024000 } from './1764000024000-direct-domains-in-force.ts';
import { ForcedRefreshes1764000020000 } from './1764000020000-forced-refreshes.ts';
import { PlatformsWithoutATicket1764000021001 } from './1764000021001-platforms-without-a-ticket.ts';
import { RecordForTheWorker1764000023100 } from './1764000023100-record-for-the-worker.ts';
import { LateResults1764000025000 } from './1764000025000-late-results.ts';

/** Every migration, in order. One capability per file; a released migration is never edited. */
export const migrations = [
  Foundation1764000000000,
  Access1764000001000,
  Custody1764000002000,
  Quota1764000003000,
  Jobs1764000003500,
  Inbox1764000004000,
  Authorizers1764000005000,
  DomainLedger1764000006000,
  ApiIpLedger1764000007000,
  Principals1764000007500,
  RowSecurity1764000008000,
  Upkeep1764000012000,
  ChangesOfADomain1764000013000,
  KeysByPlatform1764000014000,
  GuardsByFunction1764000015000,
  SmallerFootprint1764000016000,
  ChangeSetsInOneRow1764000017000,
  TokensMaybeReplaced1764000018000,
  ListsAcceptedShort1764000021000,
  WholePlatformSecrets1764000022000,
  FailuresOfOthers1764000023000,
  DirectDomainsInForce1764000024000,
  ForcedRefreshes1764000020000,
  PlatformsWithoutATicket1764000021001,
  RecordForTheWorker1764000023100,
  LateResults1764000025000,
];
