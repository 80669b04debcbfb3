export { DomainLedger } from './domain-ledger.ts';
export type { BlindReason, Blindness, Observation, Recorded, RecordedOutcome } from './observation.ts';
export { DomainHistory, type Page, type PageRequest, type SubjectRef, type WatchSummary } from './domain-history.ts';
export {
  DomainSnapshots,
  type DomainSnapshotsParts,
  type SnapshotSubject,
  type TakenSnapshot,
} from './domain-snapshots.ts';
export { bodyDigest } from './digest.ts';
export { normaliseDomain, normaliseEffectiveDomains, shownDomains } from './normalise.ts';
export { diffDomains, diffShown } from './domain-diff.ts';
export { nextSnapshotAt, planShards, roundStart } from './schedule.ts';
export { parseSnapshotId, snapshotId } from './snapshot-id.ts';
export { foldCounts, miscounted } from './domain-counts.ts';
export { DomainSweeps, type DomainSweepsParts, type SweepWork } from './domain-sweeps.ts';
export type { FleetScope, Verdict } from './fleet-scope.ts';
export {
  DomainCoverage,
  type CoverageCounts,
  type CoverageItem,
  type CoverageQuery,
  type CoverageView,
} from './domain-coverage.ts';
export { DomainDrift, type DriftItem } from './domain-drift.ts';
export { DomainChanges, type ChangeItem, type ChangesQuery } from './domain-changes.ts';
export { DomainAssertions, type Assertion, type AssertionItem, type StaleSubject } from './domain-assertions.ts';
export { DomainGaugeReader, type DomainGauges } from './domain-gauges.ts';
export { PlatformLists, type PlatformList, type PlatformListsParts } from './platform-lists.ts';
export { DomainRetention, type RetentionPolicy, type RetentionProgress, type RetentionRun } from './retention.ts';
