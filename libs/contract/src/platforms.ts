import { z } from 'zod';
import { componentAppid, line, moment, opaque, pageSchema } from './fields.ts';

const name = line('Name for people', 100);
const appsecret = opaque("component_appsecret, from the platform's development page. Never returned", 256, 8);
const pushToken = opaque('The token that signs pushes (消息校验Token). Never returned', 128, 1);
const encodingAesKey = z
  .string()
  .regex(/^[A-Za-z0-9]{43}$/, 'must be exactly 43 letters and digits')
  .describe('EncodingAESKey (消息加解密Key). Never returned');

export const newPlatform = z
  .strictObject({
    component_appid: componentAppid,
    component_appsecret: appsecret,
    token: pushToken,
    encoding_aes_key: encodingAesKey,
    name,
  })
  .meta({ id: 'NewPlatform', description: 'A third-party platform to look after' });

export const platformPatch = z
  .strictObject({
    name: name.optional(),
    component_appsecret: appsecret.optional(),
    token: pushToken.optional(),
    encoding_aes_key: encodingAesKey.optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change at least one field')
  .meta({
    id: 'PlatformPatch',
    description: 'What to change. After a change of token or key, the ones before stay valid for incoming pushes',
  });

export const platformState = z
  .enum(['awaiting_ticket', 'ready', 'ticket_stale', 'misconfigured'])
  .describe(
    '`awaiting_ticket`: WeChat has not pushed a ticket yet. `ready`. `ticket_stale`: pushes have stopped. ' +
      "`misconfigured`: WeChat refuses the platform's secret or address",
  );

export const platformView = z
  .strictObject({
    component_appid: componentAppid,
    name,
    events_url: z.url().describe('授权事件接收URL: enter it on the development page of the platform'),
    messages_url: z.string().describe('消息与事件接收URL; `$APPID$` is replaced by WeChat'),
    redirect_url: z.url().describe('Where the authorization page sends the merchant back to'),
    ticket_received_at: moment('When WeChat pushed the latest ticket').nullable(),
    ticket_expires_at: moment('Until when WeChat accepts that ticket').nullable(),
    component_access_token_expires_at: moment('Expiry of the current component_access_token').nullable(),
    state: platformState,
    created_at: moment('When it was registered'),
  })
  .meta({ id: 'Platform', description: 'A third-party platform' });

export type PlatformView = z.infer<typeof platformView>;
export type PlatformState = z.infer<typeof platformState>;

export const platformPage = pageSchema(platformView, 'Platforms, oldest first').meta({ id: 'PlatformPage' });
