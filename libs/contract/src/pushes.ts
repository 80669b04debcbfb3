import { z } from 'zod';
import { authorizerAppid, moment, pageQuery, pageSchema } from './fields.ts';

const pushState = z
  .enum(['pending', 'handled', 'superseded', 'unhandled', 'failed'])
  .describe(
    '`pending`: queued or being retried. `handled`. `superseded`: replaced by a newer push. `unhandled`: no handler for ' +
      'this type. `failed`: given up after the last retry',
  );

export const pushFilter = {
  state: pushState.optional(),
  authorizer_appid: authorizerAppid.optional().describe('Only pushes about this account'),
  ...pageQuery,
};

export const pushView = z
  .strictObject({
    id: z.string().describe('Id of the push'),
    info_type: z.string().describe("WeChat's InfoType, for example authorized"),
    authorizer_appid: z.string().nullable().describe('Account concerned; null for the platform itself'),
    state: pushState,
    wechat_created_at: moment("WeChat's CreateTime"),
    received_at: moment('When it was received'),
    handled_at: moment('When it was processed or given up').nullable(),
    attempts: z.number().int().min(0).describe('Number of attempts'),
    failure: z
      .strictObject({
        code: z.string().nullable().describe('Error code, if any'),
        message: z.string().describe('Error of the latest attempt'),
      })
      .nullable()
      .describe('Latest error'),
  })
  .meta({
    id: 'Push',
    description: 'A push received from WeChat. Its content is not shown: it may contain an authorization code',
  });

export type PushView = z.infer<typeof pushView>;

export const pushPage = pageSchema(pushView, 'Pushes, newest first').meta({ id: 'PushPage' });

export const pushBacklogView = z
  .strictObject({
    pending: z.number().int().min(0).describe('Pending pushes'),
    oldest_seconds: z.number().min(0).describe('Age of the oldest pending push in seconds; 0 if there is none'),
    failed: z.number().int().min(0).describe('Failed pushes, which can be replayed'),
  })
  .meta({ id: 'PushBacklog', description: 'Pushes that are received and not yet processed' });

export const refusedPushView = z
  .strictObject({
    at: moment('When it was refused'),
    path: z.string().describe('Path of the request'),
    address: z.string().nullable().describe('Address of the sender; null if unknown'),
    reason: z
      .string()
      .describe(
        'Why: `signature` (another token), a code of the ciphertext (another EncodingAESKey or another platform), `outer_appid`, ' +
          '`inner_appid`, `malformed`, `payload_too_large`',
      ),
  })
  .meta({ id: 'RefusedPush', description: 'A callback request that was refused. Its content is not kept' });

export type RefusedPushView = z.infer<typeof refusedPushView>;

export const refusedPushes = z
  .strictObject({ items: z.array(refusedPushView).describe('Newest first, 100 at most') })
  .meta({ id: 'RefusedPushes', description: 'The latest refused callback requests of a platform' });
