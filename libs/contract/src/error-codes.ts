/**
 * Every error code of the REST interface, with its HTTP status and title.
 * Any code may throw an `AppError` with one of these; the status is assigned from this table only.
 */
export const ERROR_CODES = {
  invalid_request: { status: 400, title: 'The request is invalid; see errors' },
  unauthenticated: { status: 401, title: 'Missing or invalid credentials' },
  forbidden: { status: 403, title: 'The caller may not do this' },
  not_found: { status: 404, title: 'Not found, or not visible to this caller' },
  method_not_allowed: { status: 405, title: 'Method not allowed on this path' },
  not_acceptable: { status: 406, title: 'None of the accepted media types can be produced' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  idempotency_conflict: { status: 409, title: 'The Idempotency-Key was used for another request' },
  idempotency_key_in_use: { status: 409, title: 'The first request with this Idempotency-Key is still running' },
  permission_set_missing: { status: 409, title: 'The merchant has not granted the required permission set' },
  authorizer_not_authorized: { status: 409, title: 'The merchant has withdrawn the authorization' },
  reauthorization_required: {
    status: 409,
    title: 'WeChat rejects every refresh token: the merchant must authorize again',
  },
  cursor_expired: { status: 410, title: 'The cursor is older than what is kept' },
  payload_too_large: { status: 413, title: 'The request body is too large' },
  uri_too_long: { status: 414, title: 'The request URL is too long' },
  unsupported_media_type: { status: 415, title: 'The request body must be application/json' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'Internal error' },
  upstream_failed: { status: 502, title: 'WeChat rejected the call, or its reply could not be read' },
  upstream_unreadable: { status: 502, title: 'WeChat answered with success, in a form that cannot be read' },
  ticket_unavailable: { status: 503, title: 'No valid component_verify_ticket has been received from WeChat' },
  platform_misconfigured: { status: 503, title: "WeChat rejects the platform's credentials or IP address" },
  upstream_busy: { status: 503, title: 'WeChat does not respond, or asks to slow down' },
  upstream_quota_exhausted: { status: 503, title: "WeChat's call quota is used up" },
  unavailable: { status: 503, title: 'The hub cannot use its database, or is shutting down' },
} as const satisfies Record<string, { status: number; title: string }>;

/** Stable machine name of an error. Never removed or renamed once released. */
export type ErrorCode = keyof typeof ERROR_CODES;

export const errorCodes = Object.keys(ERROR_CODES) as readonly ErrorCode[];

/** HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return ERROR_CODES[code].status;
}
