/**
 * Every error code that a caller of the REST interface can meet, with its HTTP status and what the code means.
 * Code is thrown anywhere (kernel's `AppError` carries one); the status is assigned at the edge, from this table only.
 */
export const ERROR_CODES = {
  invalid_request: { status: 400, title: 'The request does not match its description' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'The API key lacks the scope for this' },
  not_found: { status: 404, title: 'There is no such thing, or not for this API key' },
  method_not_allowed: { status: 405, title: 'The path exists, but not with this method' },
  not_acceptable: { status: 406, title: 'None of the accepted media types can be produced' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request contradicts the present state' },
  permission_set_missing: { status: 409, title: 'The merchant has not granted the permission set that this needs' },
  authorizer_not_authorized: { status: 409, title: 'The merchant has withdrawn the authorization' },
  reauthorization_required: {
    status: 409,
    title: 'WeChat refuses every refresh token: the merchant must authorize again',
  },
  payload_too_large: { status: 413, title: 'The request body is too large' },
  uri_too_long: { status: 414, title: 'The request URL is too long' },
  unsupported_media_type: { status: 415, title: 'The request body must be application/json' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'Something went wrong in the hub' },
  upstream_failed: { status: 502, title: 'WeChat refused the call or answered with something unreadable' },
  ticket_unavailable: { status: 503, title: 'WeChat has not pushed a usable component_verify_ticket yet' },
  platform_misconfigured: { status: 503, title: "WeChat refuses the platform's own credentials or address" },
  upstream_busy: { status: 503, title: 'WeChat does not answer or asks to wait' },
  upstream_quota_exhausted: { status: 503, title: "WeChat's call quota is used up" },
  unavailable: { status: 503, title: 'The hub cannot reach its database or is stopping' },
} as const satisfies Record<string, { status: number; title: string }>;

/** Stable machine name of an error. Never removed or renamed once released. */
export type ErrorCode = keyof typeof ERROR_CODES;

export const errorCodes = Object.keys(ERROR_CODES) as readonly ErrorCode[];

/** HTTP status of a code; the only mapping there is. */
export function statusOf(code: ErrorCode): number {
  return ERROR_CODES[code].status;
}
