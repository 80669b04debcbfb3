import { z } from 'zod';
import { defineJob, type JobRequest } from '#libs/jobs';

const account = z.strictObject({ platformId: z.number().int(), authorizerAppid: z.string() });

/** Asks WeChat what an account is and whether it is still authorized, and applies the answer. */
export const refreshAuthorizerInfo = defineJob('authorizers.refresh_info', account);

/** The same for many, after a reconciliation; an account that was read since `askedAt` (database time) is passed over. */
export const readAuthorizerDetails = defineJob(
  'authorizers.read_details',
  z.strictObject({ platformId: z.number().int(), authorizerAppids: z.array(z.string()), askedAt: z.string() }),
);

/** Exchanges a code whose redirect was cut short. The payload has the digest; the code itself is sealed in its row. */
export const exchangeAuthorizationCode = defineJob(
  'authorizers.exchange_code',
  z.strictObject({ platformId: z.number().int(), digest: z.string() }),
);

/**
 * The first look at the domains of a mini program, soon after it authorized or granted set 18; also when it authorized again.
 * Added in the transaction of that fact, done by the domain ledger.
 */
export const firstSnapshot = defineJob('domains.first_snapshot', account, { lane: 'bulk' });

/** Goes on with a reconciliation. */
export const runReconciliation = defineJob(
  'authorizers.reconcile',
  z.strictObject({
    platformId: z.number().int(),
    reconciliationId: z.number().int(),
    detailsMaxAgeSeconds: z.number().optional(),
  }),
);

export function infoRequest(
  platformId: number,
  authorizerAppid: string,
): JobRequest<{ platformId: number; authorizerAppid: string }> {
  return {
    job: refreshAuthorizerInfo,
    payload: { platformId, authorizerAppid },
    jobKey: `authorizer-info:${platformId}:${authorizerAppid}`,
    maxAttempts: 12,
  };
}

export function firstSnapshotRequest(
  platformId: number,
  authorizerAppid: string,
): JobRequest<{ platformId: number; authorizerAppid: string }> {
  return {
    job: firstSnapshot,
    payload: { platformId, authorizerAppid },
    jobKey: `first-snapshot:${platformId}:${authorizerAppid}`,
    maxAttempts: 8,
  };
}
