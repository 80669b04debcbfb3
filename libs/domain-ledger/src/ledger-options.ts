import { DAY_MS } from '#libs/kernel';
/** Figures of this library that an installation or a spec may set. */
export class LedgerOptions {
  /** Milliseconds between scheduled snapshots of one mini program. */
  snapshotIntervalMs = DAY_MS;
  /** Calls of sweeps in flight over all platforms, in this process. */
  concurrency = 64;
  /** Mini programs of a sweep in one transaction. */
  pageSize = 500;
  /** How old history is thinned by schedule; null: never. */
  retention: { keepAllMs: number; thinToMs: number } | null = null;

  constructor(options: Partial<LedgerOptions> = {}) {
    Object.assign(this, options);
  }
}
