/** What the hub answered instead of what was asked for (RFC 9457). `code` is stable; decide on it. */
export class WxfleetError extends Error {
  /** Stable machine name, for instance `reauthorization_required`; `network` when there was no answer. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Seconds to wait before trying again, where the hub said so. */
  readonly retryAfterSeconds: number | undefined;
  /** The whole problem document. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Record<string, unknown>, retryAfter: string | null) {
    const code = typeof problem.code === 'string' ? problem.code : 'unknown';
    const detail = typeof problem.detail === 'string' ? problem.detail : code;
    super(`${code}: ${detail}`);
    this.name = 'WxfleetError';
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
    this.problem = problem;
  }
}
