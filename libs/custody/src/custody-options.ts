/** Tunables of custody. */
export class CustodyOptions {
  /**
   * Seconds for which a refresh belongs to one process; after that another process takes over. Longer than one call to
   * WeChat may take.
   */
  leaseSeconds = 20;
  /** Seconds between two requests to WeChat to restart the ticket pushes of one platform. */
  askPushEverySeconds = 1800;
  /** Accounts that one refresh pass handles at most. */
  passLimit = 20_000;
  /** Refreshes that one pass runs at once; WECHAT_MAX_CONCURRENCY limits all calls anyway. */
  passConcurrency = 32;

  /** Connections that look-ups of single tokens take at once, at most. */
  lookupSlots = 6;
  /** Results of refreshes kept while the database is unavailable; a few kilobytes each. Leases limit them much earlier. */
  maxPendingCommits = 20_000;
  /** Seconds for which a rotation of the master key belongs to one process. */
  rotationLeaseSeconds = 20;

  constructor(options: Partial<CustodyOptions> = {}) {
    Object.assign(this, options);
  }
}
