import { z } from 'zod';

/**
 * Fields that several schemas use. Each has a description, which becomes part of the OpenAPI document.
 * `wire` in the metadata says the JSON schema of a parameter whose schema here coerces text.
 */

// PostgreSQL's text cannot hold NUL; lone surrogates and control characters are refused too.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f\p{Surrogate}]/u;

/** A single line of text. */
export function line(description: string, max: number, min = 1) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !UNPRINTABLE.test(value), 'must not contain control characters')
    .describe(description);
}

/** A key-like text of printable ASCII without spaces. */
export function opaque(description: string, max: number, min = 1) {
  return z
    .string()
    .min(min)
    .max(max)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .describe(description);
}

const APPID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const componentAppid = z
  .string()
  .regex(APPID, 'must be an appid: 1 to 64 letters, digits, - or _')
  .describe('component_appid: the appid of the third-party platform');

export const authorizerAppid = z
  .string()
  .regex(APPID, 'must be an appid: 1 to 64 letters, digits, - or _')
  .describe("authorizer_appid: the appid of the merchant's account");

export const merchantId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}$/, 'must be 1 to 64 letters, digits, . _ : @ or -')
  .describe("merchant_id: the provider's own id of the merchant");

/** Ids that the hub issues; opaque to clients. */
export function issuedId(description: string) {
  return z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,128}$/, 'must be an id issued by the hub')
    .describe(description);
}

/** A timestamp in a reply. */
export function moment(description: string) {
  return z.iso.datetime({ precision: 3 }).describe(`${description} (ISO 8601, UTC, milliseconds)`);
}

/** A timestamp in a request; becomes a `Date`. Any offset is accepted. */
export function momentInput(description: string) {
  return z.iso
    .datetime({ offset: true })
    .refine((value) => {
      const year = new Date(value).getUTCFullYear();
      return year >= 1970 && year <= 9999;
    }, 'must be a date from 1970 to 9999')
    .transform((value) => new Date(value))
    .describe(`${description} (ISO 8601 with offset, for example 2026-01-31T08:00:00.000Z)`);
}

/** A whole number in a query string. */
export function queryInteger(description: string, min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .meta({ description, wire: { type: 'integer', minimum: min, maximum: max } });
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** `limit` and `cursor` of every list. */
export const pageQuery = {
  limit: queryInteger('Maximum number of items per page', 1, MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({
      description: 'Maximum number of items per page',
      wire: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    }),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,1024}$/, 'must be a next_cursor that this list returned')
    .optional()
    .describe('`next_cursor` of the previous page; absent for the first page'),
};

/** A page of a list. */
export function pageSchema<T extends z.ZodType>(item: T, description: string) {
  return z.strictObject({
    items: z.array(item).describe(description),
    next_cursor: z.string().nullable().describe('Cursor of the next page; null on the last page'),
  });
}

/** WeChat's reply, where it is the cause of an error. */
export const wechatFailure = z
  .strictObject({
    errcode: z.number().int().describe("WeChat's errcode"),
    errmsg: z.string().describe("WeChat's errmsg, unchanged"),
    rid: z.string().nullable().optional().describe("WeChat's request id; quote it to WeChat support"),
  })
  .describe("WeChat's reply that caused this")
  .meta({ id: 'WechatFailure' });

export type WechatFailure = z.infer<typeof wechatFailure>;

/** The latest failure of an account. */
export const lastFailure = z
  .strictObject({
    at: moment('Time of the failure'),
    code: z.string().describe('Error code, as in a problem document'),
    wechat: wechatFailure.nullable().describe("WeChat's reply; null when there was none that could be read"),
  })
  .describe('The latest failure since the last success')
  .meta({ id: 'LastFailure' });

export type LastFailureView = z.infer<typeof lastFailure>;
