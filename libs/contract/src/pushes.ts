import { z } from 'zod';
import { authorizerAppid, moment, pageQuery, pageSchema } from './fields.ts';

const pushState = z
  .enum(['pending', 'handled', 'superseded', 'unhandled', 'failed'])
  .describe(
    '`pending`: waits, or is being tried again. `handled`. `superseded`: outrun by something newer. `unhandled`: nothing ' +
      'here knows what to do with it. `failed`: given up after many tries',
  );

export const pushFilter = {
  state: pushState.optional(),
  authorizer_appid: authorizerAppid.optional().describe('Only pushes about this account'),
  ...pageQuery,
};

export const pushView = z
  .strictObject({
    id: z.string().describe('Id of the push'),
    info_type: z.string().describe("WeChat's InfoType, for instance authorized"),
    authorizer_appid: z.string().nullable().describe('The account it is about; null: the platform itself'),
    state: pushState,
    wechat_created_at: moment("WeChat's CreateTime"),
    received_at: moment('When it came here'),
    handled_at: moment('When it was dealt with or given up').nullable(),
    attempts: z.number().int().min(0).describe('How many times it was tried'),
    failure: z
      .strictObject({
        code: z.string().nullable().describe('Stable code, where there is one'),
        message: z.string().describe('What went wrong at the latest try'),
      })
      .nullable()
      .describe('Why it waits or was given up'),
  })
  .meta({ id: 'Push', description: 'A push of WeChat. What it says stays sealed: it may hold an authorization code' });

export type PushView = z.infer<typeof pushView>;

export const pushPage = pageSchema(pushView, 'Pushes, newest first').meta({ id: 'PushPage' });

export const pushBacklogView = z
  .strictObject({
    pending: z.number().int().min(0).describe('Pushes that wait'),
    oldest_seconds: z.number().min(0).describe('For how long the oldest of them has waited; 0 when none does'),
    failed: z.number().int().min(0).describe('Pushes that were given up and can be replayed'),
  })
  .meta({ id: 'PushBacklog', description: 'What has been received and not dealt with' });
