import { z } from 'zod';
import { componentAppid, line, moment, opaque, pageSchema } from './fields.ts';

const name = line('Display name', 100);
const appsecret = opaque("component_appsecret from the platform's settings page at WeChat. Never returned", 256, 8);
const pushToken = opaque('Token that signs pushes (消息校验Token). Never returned', 128, 1);
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
  .meta({ id: 'NewPlatform', description: 'A third-party platform to register' });

export const platformPatch = z
  .strictObject({
    name: name.optional(),
    component_appsecret: appsecret.optional(),
    token: pushToken.optional(),
    encoding_aes_key: encodingAesKey.optional(),
    end_previous_push_secrets: z
      .literal(true)
      .optional()
      .describe(
        'true: the previous pair of token and EncodingAESKey becomes invalid at once instead of after 24 hours',
      ),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change at least one field')
  .meta({
    id: 'PlatformPatch',
    description:
      'Fields to change. After a change of token or key, the previous pair stays valid for incoming pushes for 24 hours',
  });

export const platformState = z
  .enum(['awaiting_ticket', 'ready', 'ticket_stale', 'misconfigured'])
  .describe(
    '`awaiting_ticket`: no ticket received yet. `ready`. `ticket_stale`: ticket pushes have stopped. ' +
      "`misconfigured`: WeChat rejects the platform's secret or IP address",
  );

export const platformView = z
  .strictObject({
    component_appid: componentAppid,
    name,
    events_url: z.url().describe("授权事件接收URL; enter it on the platform's settings page at WeChat"),
    messages_url: z.string().describe('消息与事件接收URL; WeChat replaces `$APPID$`'),
    redirect_url: z.url().describe('Where WeChat redirects the merchant after authorizing'),
    ticket_received_at: moment('When the latest ticket was received').nullable(),
    ticket_expires_at: moment('When that ticket expires').nullable(),
    component_access_token_expires_at: moment('When the current component_access_token expires').nullable(),
    state: platformState,
    created_at: moment('When it was registered'),
    previous_push_secrets: z
      .strictObject({
        valid_until: moment('When the previous pair of token and EncodingAESKey becomes invalid'),
        pushes_opened: z.number().int().min(0).describe('Pushes decrypted with it since the replacement'),
        last_used_at: moment('When it last decrypted a push').nullable(),
      })
      .nullable()
      .describe('The previous pair of token and EncodingAESKey, while it is still accepted; null: none'),
  })
  .meta({ id: 'Platform', description: 'A third-party platform' });

export type PlatformView = z.infer<typeof platformView>;
export type PlatformState = z.infer<typeof platformState>;

export const platformRemovalRequest = z
  .strictObject({
    confirm: z.string().max(64).optional().describe('The component_appid again; not needed for a dry run'),
    dry_run: z.boolean().default(false).describe('Only count what would be removed'),
  })
  .meta({ id: 'PlatformRemovalRequest', description: 'What to remove' });

const rowCounts = z
  .record(z.string(), z.number().int().min(0))
  .describe('Number of rows by table; tables without any are absent');

export const platformRemovalCounts = z
  .strictObject({ component_appid: componentAppid, rows: rowCounts })
  .meta({ id: 'PlatformRemovalCounts', description: 'What would be removed' });

export const platformRemovalView = z
  .strictObject({
    id: z.string().describe('Id of the removal'),
    component_appid: componentAppid,
    state: z.enum(['running', 'done']).describe('An interrupted removal resumes by itself'),
    total: z.number().int().min(0).describe('Rows when it began'),
    removed: z
      .number()
      .int()
      .min(0)
      .describe('Rows removed so far; more than total if some were written in the meantime'),
    current: z.string().nullable().describe('The table that is being emptied'),
    started_at: moment('Start'),
    finished_at: moment('End').nullable(),
  })
  .meta({ id: 'PlatformRemoval', description: 'The removal of a platform' });

export const newErasure = z
  .strictObject({
    confirm: z.string().max(64).describe('The authorizer_appid again'),
    keep_history: z
      .boolean()
      .describe('true: the history of its domains and grants is kept under its appid; false: nothing is kept'),
  })
  .meta({ id: 'NewErasure', description: 'What to erase of an account' });

export const erasureView = z
  .strictObject({
    authorizer_appid: z.string().describe('The account'),
    keep_history: z.boolean().describe('Whether the history of its domains and grants was kept'),
    rows: rowCounts,
  })
  .meta({ id: 'AccountErasure', description: 'What was erased of an account' });

export type PlatformRemovalView = z.infer<typeof platformRemovalView>;

export const platformPage = pageSchema(platformView, 'Platforms, oldest first').meta({ id: 'PlatformPage' });
