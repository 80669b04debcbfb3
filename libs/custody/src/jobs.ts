import { z } from 'zod';
import { defineJob, type JobRequest } from '#libs/jobs';

const account = z.strictObject({ platformId: z.number().int(), authorizerAppid: z.string() });

/** WeChat refused every refresh token of an account: the merchant must authorize again. Added with the row that says so. */
export const authorizationLost = defineJob('authorizer.authorization_lost', account);

/** WeChat answered 61003 to a refresh: the authorization should be read again. Added at every such answer. */
export const authorizationDoubted = defineJob('authorizer.authorization_doubted', account);

type AccountRequest = JobRequest<{ platformId: number; authorizerAppid: string }>;

/** At most one such job waits per account. */
export function lostRequest(platformId: number, authorizerAppid: string): AccountRequest {
  return {
    job: authorizationLost,
    payload: { platformId, authorizerAppid },
    jobKey: `authorization-lost:${platformId}:${authorizerAppid}`,
  };
}

/** At most one such job waits per account. */
export function doubtedRequest(platformId: number, authorizerAppid: string): AccountRequest {
  return {
    job: authorizationDoubted,
    payload: { platformId, authorizerAppid },
    jobKey: `authorization-doubted:${platformId}:${authorizerAppid}`,
    maxAttempts: 12,
  };
}
