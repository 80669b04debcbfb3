import { z } from 'zod';
import { defineJob, type JobRequest } from '#libs/jobs';

const account = z.strictObject({ platformId: z.number().int(), authorizerAppid: z.string() });

/** Asks WeChat what an account is and whether it is still authorized, and applies the answer. */
export const refreshAuthorizerInfo = defineJob('authorizers.refresh_info', account);

/** The same for many, after a reconciliation; an account that was read since `askedAt` (database time) is passed over. */
export const readAuthorizerDetails = defineJob(
  'authorizers.read_details',
  z.strictObject({
    platformId: z.number().int(),
    authorizerAppids: z.array(z.string()),
    askedAt: z.string(),
    /** How often those that failed have been tried. */
    tries: z.number().int().optional(),
  }),
  { lane: 'bulk' },
);

/** Exchanges a code whose redirect was cut short. The payload has the digest; the code itself is sealed in its row. */
export const exchangeAuthorizationCode = defineJob(
  'authorizers.exchange_code',
  z.strictObject({ platformId: z.number().int(), digest: z.string() }),
);

/**
 * Looks at the domains of mini programs that have authorized or granted set 18, a page of them in one run. Added in the
 * transaction of that fact, done by the domain ledger.
 */
export const firstSnapshots = defineJob('domains.first_snapshots', z.strictObject({ platformId: z.number().int() }), {
  lane: 'bulk',
});

/** Goes on with a reconciliation. */
export const runReconciliation = defineJob(
  'authorizers.reconcile',
  z.strictObject({
    platformId: z.number().int(),
    reconciliationId: z.number().int(),
    detailsMaxAgeSeconds: z.number().optional(),
  }),
  { lane: 'bulk' },
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

/** Work over many accounts of one platform: one such job at a time in all processes, so that no platform takes all slots. */
export function bulkQueue(platformId: number): string {
  return `bulk:${platformId}`;
}

/** At most one waits per platform. */
export function firstSnapshotsRequest(platformId: number): JobRequest<{ platformId: number }> {
  return {
    job: firstSnapshots,
    payload: { platformId },
    jobKey: `first-snapshots:${platformId}`,
    queueName: bulkQueue(platformId),
    maxAttempts: 8,
    priority: BULK_PRIORITY,
  };
}

/** Before details and first looks of all platforms, as if a reconciliation kept its slot from portion to portion. */
export const RECONCILE_PRIORITY = -1;
/** Behind everything that somebody waits for. */
export const BULK_PRIORITY = 10;
