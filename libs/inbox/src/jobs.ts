import { z } from 'zod';
import { defineJob, type JobRequest } from '#libs/jobs';

/** Dispatches every waiting push of one merchant's account (empty appid: of the platform itself). Ids only, no content. */
export const drainPushes = defineJob(
  'inbox.drain_pushes',
  z.strictObject({ platformId: z.number().int(), authorizerAppid: z.string() }),
  { lane: 'push' },
);

/** The job for one account; its key keeps a burst of pushes from becoming a burst of jobs. */
export function drainRequest(
  platformId: number,
  authorizerAppid: string,
): JobRequest<{ platformId: number; authorizerAppid: string }> {
  return {
    job: drainPushes,
    payload: { platformId, authorizerAppid },
    jobKey: `push:${platformId}:${authorizerAppid}`,
  };
}

/**
 * A later look at the same account, after a failure or when somebody else holds it. It has a key of its own: it must not
 * push the immediate job of a push that has just come into the future.
 */
export function drainLaterRequest(
  platformId: number,
  authorizerAppid: string,
  runAt: Date,
): JobRequest<{ platformId: number; authorizerAppid: string }> {
  return {
    ...drainRequest(platformId, authorizerAppid),
    jobKey: `push-later:${platformId}:${authorizerAppid}`,
    runAt,
  };
}

/** Pushes of a platform may be missing: they were not taken up to `since` (database time). */
export const pushesMissed = defineJob(
  'inbox.pushes_missed',
  z.strictObject({ platformId: z.number().int(), since: z.string() }),
);

/** A later one replaces a waiting one, so that a database that comes and goes leads to one comparison. */
export function missedRequest(
  platformId: number,
  since: Date,
  runAt: Date,
): JobRequest<{ platformId: number; since: string }> {
  return {
    job: pushesMissed,
    payload: { platformId, since: since.toISOString() },
    jobKey: `pushes-missed:${platformId}`,
    runAt,
  };
}
