import { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-codes.ts';
import { wechatFailure } from './fields.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One wrong field of a request. */
export const fieldError = z
  .strictObject({
    in: z.enum(['path', 'query', 'body', 'header']).optional().describe('Part of the request that holds the field'),
    path: z.string().describe('Name of the field; members of objects and lists are joined by dots (`merchant_ids.0`)'),
    message: z.string().describe('What is wrong with it'),
  })
  .meta({ id: 'FieldError' });

export type FieldError = z.infer<typeof fieldError>;

/** The one shape of every error (RFC 9457). */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('URI of the kind of problem: `urn:wxfleet:problem:<code>`'),
    title: z.string().describe('What this code means, in a sentence'),
    status: z.number().int().describe('HTTP status, repeated'),
    code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).describe('Stable machine name; decide on this'),
    detail: z.string().optional().describe('What went wrong this time'),
    instance: z.string().describe('Id of this occurrence; the log line has the same'),
    errors: z.array(fieldError).optional().describe('`invalid_request`: the wrong fields'),
    permission_set_id: z.number().int().optional().describe('`permission_set_missing`: the set that is not granted'),
    wechat: wechatFailure.optional().describe('Upstream failures: what WeChat said'),
  })
  .describe('A problem document (RFC 9457)')
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problemSchema>;
