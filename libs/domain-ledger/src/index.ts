export { DomainLedgerModule } from './domain-ledger.module.ts';
export { DomainLedger } from './record/domain-ledger.ts';
export type { GapReason, ObservationGap, Observation, Recorded, RecordedOutcome } from './record/observation.ts';
export {
  DomainHistory,
  type Page,
  type PageRequest,
  type SubjectRef,
  type WatchSummary,
} from './history/domain-history.ts';
export { LedgerOptions } from './ledger-options.ts';
export { DomainSnapshots, type SnapshotSubject, type TakenSnapshot } from './history/domain-snapshots.ts';
export { bodyDigest } from './lists/digest.ts';
export { normaliseDomain, normaliseEffectiveDomains } from './lists/normalise.ts';
export { nextSnapshotAt, roundStart } from './sweeps/schedule.ts';
export { parseSnapshotId } from './history/snapshot-id.ts';
export { countChangeDays } from './record/change-days.ts';
export { foldCounts, miscounted } from './record/domain-counts.ts';
export { keepLookBatches, misbatched } from './record/look-batches.ts';
export { EDITABLE_SLOTS, miscountedEdits } from './record/monthly-edits.ts';
export { DomainSweeps, type SweepWork } from './sweeps/domain-sweeps.ts';
export type { FleetScope, Verdict } from './fleet/fleet-scope.ts';
export {
  DomainCoverage,
  type CoverageCounts,
  type CoverageItem,
  type CoverageQuery,
  type CoverageView,
} from './fleet/domain-coverage.ts';
export { DomainDrift, type DriftItem } from './fleet/domain-drift.ts';
export { DomainChanges, type ChangeItem, type ChangesQuery } from './fleet/domain-changes.ts';
export { DomainAssertions, type Assertion, type AssertionItem, type StaleSubject } from './fleet/domain-assertions.ts';
export { DomainGaugeReader, type DomainGauges } from './fleet/domain-gauges.ts';
export { PrincipalLimits } from './fleet/principal-limits.ts';
export { PlatformListRefresh } from './fleet/platform-list-refresh.ts';
export { UnusedLists } from './retention/unused-lists.ts';
export { RetentionSchedule } from './retention/retention-schedule.ts';
export { PlatformLists, type PlatformList } from './fleet/platform-lists.ts';
export {
  DomainRetention,
  type RetentionPolicy,
  type RetentionProgress,
  type RetentionRun,
} from './retention/retention.ts';
export { PlatformOverview } from './fleet/overview.ts';
export { ChangeGroups, type ChangeGroupsQuery } from './fleet/change-groups.ts';
export { DomainSpread, type SpreadQuery } from './fleet/domain-spread.ts';
export { ObservationTimes } from './history/observation-times.ts';
