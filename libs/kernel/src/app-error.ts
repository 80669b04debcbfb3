import type { ErrorCode } from '#libs/contract';

export interface AppErrorOptions {
  /** Seconds after which trying again makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** Members added to the problem document, for instance `permission_set_id` or `errors`. Never a secret. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * A failure with a stable code that users may rely on. Libraries throw it without knowing HTTP; the hub's problem
 * filter is the only place that turns a code into a status.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details ?? {};
  }

  /** Bad input, naming the field: `errors: [{path, message}]`. */
  static invalid(path: string, message: string): AppError {
    return new AppError('invalid_request', `${path}: ${message}`, { details: { errors: [{ path, message }] } });
  }
}
