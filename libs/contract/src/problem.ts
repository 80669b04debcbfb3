import { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-codes.ts';
import { wechatFailure } from './fields.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One invalid field of a request. */
export const fieldError = z
  .strictObject({
    in: z.enum(['path', 'query', 'body', 'header']).optional().describe('Part of the request that contains the field'),
    path: z.string().describe('Field name; members of objects and arrays are joined by dots (`merchant_ids.0`)'),
    message: z.string().describe('Why it is invalid'),
  })
  .meta({ id: 'FieldError' });

export type FieldError = z.infer<typeof fieldError>;

/** The shape of every error (RFC 9457). */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('URI of the error code: `urn:wxfleet:problem:<code>`'),
    title: z.string().describe('What this code means'),
    status: z.number().int().describe('HTTP status'),
    code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).describe('Stable error code; use this in programs'),
    detail: z.string().optional().describe('What is wrong with this request'),
    instance: z.string().describe("Id of this occurrence; the hub's log contains it"),
    errors: z.array(fieldError).optional().describe('`invalid_request`: the invalid fields'),
    permission_set_id: z.number().int().optional().describe('`permission_set_missing`: the missing permission set'),
    oldest_event_id: z.string().optional().describe('`cursor_expired`: the oldest event that is kept'),
    wechat: wechatFailure.optional().describe("Upstream failures: WeChat's reply"),
  })
  .describe('A problem document (RFC 9457)')
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
