import { z } from 'zod';
import {
  componentAppid,
  line,
  merchantId,
  moment,
  momentInput,
  pageQuery,
  pageSchema,
  queryInteger,
} from './fields.ts';
import { scopes, type Scope } from './scopes.ts';

export const scopeSchema = z.enum(scopes as [Scope, ...Scope[]]).describe('What the key may do');

export const newApiKey = z
  .strictObject({
    name: line('What the key is for', 100),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .max(scopes.length)
      .refine((list) => new Set(list).size === list.length, 'must not repeat a scope')
      .describe('What the key may do; no more than the key that creates it'),
    merchant_ids: z
      .array(merchantId)
      .min(1)
      .max(1000)
      .optional()
      .describe('Limits the key to these merchants; absent: no limit beyond that of the key that creates it'),
    expires_at: momentInput(
      'The key is refused from then on; to come, and no later than the key that creates it. Absent: as that key',
    ).optional(),
  })
  .meta({ id: 'NewApiKey', description: 'A key to create' });

const apiKeyFields = {
  id: z.string().describe('Id of the key; not secret'),
  name: z.string().describe('What the key is for'),
  prefix: z.string().describe('Beginning of the key, to recognise it by'),
  scopes: z.array(scopeSchema).describe('What the key may do'),
  merchant_ids: z.array(merchantId).nullable().describe('Merchants it is limited to; null: all of the platform'),
  created_at: moment('When it was created'),
  created_by: z.string().describe('Who created it'),
  expires_at: moment('Refused from then on').nullable(),
  revoked_at: moment('Refused since').nullable(),
  last_used_at: moment('Last use, to about a minute').nullable(),
  replaced_by: z.string().nullable().describe('Id of the key it was rotated to'),
};

export const apiKeyView = z
  .strictObject(apiKeyFields)
  .meta({ id: 'ApiKey', description: 'An API key; the key itself is shown only once, when it is created' });
export type ApiKeyView = z.infer<typeof apiKeyView>;

export const createdApiKey = z
  .strictObject({ ...apiKeyFields, key: z.string().describe('The key. Shown this once, stored only as a digest') })
  .meta({ id: 'CreatedApiKey', description: 'The new API key' });

export const apiKeyPage = pageSchema(apiKeyView, 'Keys, newest first').meta({ id: 'ApiKeyPage' });

export const keyRotation = z
  .strictObject({
    overlap_seconds: z
      .number()
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400)
      .describe('How long the old key goes on, no longer than it would have; 0: it ends at once'),
  })
  .meta({ id: 'KeyRotation', description: 'How a key is replaced' });

export const userRole = z
  .enum(['viewer', 'admin', 'operator'])
  .describe('`viewer` reads, `admin` does everything on one platform, `operator` on the whole installation');
export type UserRole = z.infer<typeof userRole>;

export const username = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/, 'must be 2 to 64 lower case letters, digits, . _ @ or -')
  .describe('Name to log in with');

const newPassword = z.string().min(12).max(256).describe('Password, 12 to 256 characters. Never returned');

export const newUser = z
  .strictObject({
    username,
    password: newPassword,
    role: userRole,
    component_appid: componentAppid
      .optional()
      .describe(
        'The platform of a viewer or admin; absent for an operator, and for the only platform that a caller has',
      ),
  })
  .meta({ id: 'NewUser', description: 'A console user to make' });

export const userPatch = z
  .strictObject({
    role: userRole.optional(),
    password: newPassword.optional(),
    disabled: z.boolean().optional().describe('Whether the user is kept out'),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change at least one field')
  .meta({ id: 'UserPatch', description: 'What to change. Every change ends the sessions of the user' });

export const userView = z
  .strictObject({
    username,
    role: userRole,
    component_appid: componentAppid.nullable().describe('The platform; null for an operator'),
    created_at: moment('When the user was made'),
    created_by: z.string().describe('Who made the user'),
    disabled_at: moment('Kept out since').nullable(),
    last_login_at: moment('Latest login').nullable(),
  })
  .meta({ id: 'User', description: 'A console user' });
export type ConsoleUserView = z.infer<typeof userView>;
export const userPage = pageSchema(userView, 'Users, by name').meta({ id: 'UserPage' });

export const newSession = z
  .strictObject({
    username: line('Name to log in with', 64),
    password: z.string().min(1).max(256).describe('Password'),
  })
  .meta({ id: 'NewSession', description: 'A login' });

export const meView = z
  .strictObject({
    kind: z.enum(['api_key', 'user']).describe('What asks'),
    name: z.string().describe('As in the audit trail: api_key:<id>, operator:<id> or user:<name>'),
    role: userRole.nullable().describe('Role of the user; null for a key'),
    component_appid: componentAppid.nullable().describe('The platform; null: the whole installation'),
    scopes: z.array(scopeSchema).describe('What it may do'),
    merchant_ids: z.array(merchantId).nullable().describe('Merchants it is limited to; null: all'),
    csrf_token: z
      .string()
      .nullable()
      .describe('To be sent as `X-CSRF-Token` with every call that changes something by cookie; null for a key'),
  })
  .meta({ id: 'Me', description: 'Who is asking' });
export type MeView = z.infer<typeof meView>;

export const auditFilter = {
  from: momentInput('Not before this moment').optional(),
  to: momentInput('Before this moment').optional(),
  actor: line('Only by this actor, for instance api_key:<id>', 200).optional(),
  action: line('Only this action, for instance access_token.issued', 100).optional(),
  subject: line('Only on this, for instance authorizer:<appid>', 200).optional(),
  ...pageQuery,
};

export const auditEventView = z
  .strictObject({
    id: z.string().describe('Id of the event'),
    at: moment('When; for counted events the end of the second they are counted in'),
    actor: z
      .string()
      .describe('Who: api_key:<id>, operator:<id>, user:<name>, wechat, system, or nobody (who was not let in)'),
    action: z.string().describe('What, for instance access_token.issued'),
    subject: z.string().nullable().describe('On what, for instance authorizer:<appid>'),
    merchant_id: z.string().nullable().describe('On whose behalf; null: not of one merchant'),
    outcome: z.string().describe('`ok`, or the code of the refusal'),
    address: z.string().nullable().describe('Network address of the caller'),
    count: z.number().int().min(1).describe('How many alike are counted in this event'),
    detail: z.record(z.string(), z.unknown()).describe('More about it; never a secret'),
  })
  .meta({ id: 'AuditEvent', description: 'One use of power' });
export type AuditEventView = z.infer<typeof auditEventView>;

export const auditEventPage = pageSchema(auditEventView, 'Events, newest first').meta({ id: 'AuditEventPage' });

export const auditChainQuery = {
  limit: queryInteger('Events to check at most', 1, 20_000)
    .default(5000)
    .meta({
      description: 'Events to check at most',
      wire: { type: 'integer', minimum: 1, maximum: 20_000, default: 5000 },
    }),
  cursor: pageQuery.cursor,
  expect_seq: queryInteger('Number of a link that was noted before', 1, 999_999_999).optional(),
  expect_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional()
    .describe('Hash of that link'),
};

export const auditChainView = z
  .strictObject({
    checked: z.number().int().describe('Events compared in this stretch'),
    problems: z
      .array(
        z.strictObject({
          kind: z
            .enum(['altered', 'removed'])
            .describe('`altered`: not what was chained. `removed`: not there any more'),
          seq: z.number().int().describe('Number of the link, or of the first of the removed ones'),
          until_seq: z.number().int().describe('Number of the last one'),
          event_id: z.string().nullable().describe('The event, where it is there'),
        }),
      )
      .describe('What is not as it was written; empty: the stretch holds'),
    head: z
      .strictObject({
        seq: z.number().int().describe('Number of the newest link'),
        hash: z
          .string()
          .describe('Its hash; note it elsewhere, and pass it as `expect_seq` and `expect_hash` next time'),
        chained_at: moment('When it was made'),
      })
      .describe('The end of the chain'),
    waiting: z
      .number()
      .int()
      .describe('Events older than a minute that have no link yet; more than 0: no process chains'),
    next_cursor: z.string().nullable().describe('Cursor of the next stretch; null at the end'),
  })
  .meta({ id: 'AuditChain', description: 'Whether the audit trail is as it was written' });
export type AuditChainView = z.infer<typeof auditChainView>;
