/** Signed timestamps outside of it are warned about: WeChat's clock or the database's is wrong, or an old push is repeated. */
export interface PushWindow {
  /** How old a signed timestamp may be without a warning, in seconds. */
  pastSeconds: number;
  /** How far ahead of the database's clock it may be without a warning, in seconds; a later CreateTime is cut to it. */
  futureSeconds: number;
}

export const DEFAULT_PUSH_WINDOW: PushWindow = { pastSeconds: 24 * 3600, futureSeconds: 600 };

/** Figures of this library that an installation or a spec may set. */
export class InboxOptions {
  /** Longest body in bytes; the longest documented pushes have a few KiB. */
  maxBodyBytes = 64 * 1024;
  /** Of the signed timestamp, by the database's clock. */
  window: PushWindow = DEFAULT_PUSH_WINDOW;
  /** Pushes in one transaction at most. */
  batchSize = 500;
  /** How long the handling of one push may take before another process may try it, in seconds. */
  leaseSeconds = 120;
  /** Tries before a push that fails for a reason of its own is given up; 8 take about four minutes. */
  maxAttempts = 8;
  /** Tries while only WeChat or a quota stands in the way; 60 take about ten hours, at most ten minutes apart. */
  maxPatientAttempts = 60;
}
