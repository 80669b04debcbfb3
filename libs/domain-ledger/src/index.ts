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
export type { SweepProgress } from './sweep-rounds.ts';
