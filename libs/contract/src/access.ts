import { z } from 'zod';
import {
  componentAppid,
  line,
  merchantId,
  moment,
  momentInput,
  opaque,
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
      .describe('Scopes of the key; a subset of the scopes of the caller'),
    merchant_ids: z
      .array(merchantId)
      .min(1)
      .max(1000)
      .optional()
      .describe('Limits the key to these merchants; absent: the merchants of the caller'),
    expires_at: momentInput(
      'When the key expires; in the future, and no later than the caller. Absent: when the caller expires',
    ).optional(),
    networks: z
      .array(z.string().min(2).max(64))
      .min(1)
      .max(100)
      .optional()
      .describe('Addresses and CIDR ranges from which the key may be used; absent: as the key that creates it'),
  })
  .meta({ id: 'NewApiKey', description: 'A new API key' });

const apiKeyFields = {
  id: z.string().describe('Id of the key (not secret)'),
  name: z.string().describe('What the key is for'),
  prefix: z.string().describe('First characters of the key, to recognize it'),
  scopes: z.array(scopeSchema).describe('What the key may do'),
  merchant_ids: z.array(merchantId).nullable().describe('Merchants it is limited to; null: all of the platform'),
  created_at: moment('When it was created'),
  created_by: z.string().describe('Who created it'),
  expires_at: moment('When the key expires').nullable(),
  revoked_at: moment('When the key was revoked').nullable(),
  last_used_at: moment('Last use, accurate to about a minute').nullable(),
  last_used_address: z.string().nullable().describe('Network address of the last use'),
  networks: z.array(z.string()).nullable().describe('CIDR ranges from which it may be used; null: from anywhere'),
  replaced_by: z.string().nullable().describe('Id of the key that replaced it'),
};

export const apiKeyView = z
  .strictObject(apiKeyFields)
  .meta({ id: 'ApiKey', description: 'An API key. The key itself is shown only when it is created' });
export type ApiKeyView = z.infer<typeof apiKeyView>;

export const createdApiKey = z
  .strictObject({
    ...apiKeyFields,
    key: z
      .string()
      .nullable()
      .describe('The key. Shown only in this response: null in a repetition with the same Idempotency-Key'),
  })
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
      .describe('How long the old key stays valid, at most until its own expiry; 0: it is revoked at once'),
  })
  .meta({ id: 'KeyRotation', description: 'Options of a key rotation' });

export const userRole = z
  .enum(['viewer', 'admin', 'operator'])
  .describe(
    '`viewer`: read access to one platform. `admin`: full access to one platform. `operator`: full access to the installation',
  );
export type UserRole = z.infer<typeof userRole>;

export const username = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/, 'must be 2 to 64 lower case letters, digits, . _ @ or -')
  .describe('User name');

const newPassword = z.string().min(12).max(256).describe('Password, 12 to 256 characters. Never returned');

export const newUser = z
  .strictObject({
    username,
    password: newPassword,
    role: userRole,
    component_appid: componentAppid
      .optional()
      .describe('Platform of a viewer or admin. Absent for operators; callers of a platform may omit it'),
    expires_at: momentInput(
      'When the user expires; no later than the caller. Absent: when the caller expires',
    ).optional(),
  })
  .meta({ id: 'NewUser', description: 'A new console user' });

export const userPatch = z
  .strictObject({
    role: userRole.optional(),
    password: newPassword.optional(),
    expires_at: momentInput('When the user expires; no later than the caller. null: never').nullable().optional(),
    disabled: z.boolean().optional().describe('Whether the user is disabled'),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'must change at least one field')
  .meta({ id: 'UserPatch', description: "Fields to change. Every change ends the user's sessions" });

export const userView = z
  .strictObject({
    username,
    role: userRole,
    component_appid: componentAppid.nullable().describe('Platform; null for operators'),
    created_at: moment('When the user was created'),
    created_by: z.string().describe('Who created the user'),
    disabled_at: moment('Blocked since').nullable(),
    expires_at: moment('When the user expires').nullable(),
    last_login_at: moment('Latest login').nullable(),
  })
  .meta({ id: 'User', description: 'A console user' });
export type ConsoleUserView = z.infer<typeof userView>;
export const userPage = pageSchema(userView, 'Users, by name').meta({ id: 'UserPage' });

export const erasure = z
  .strictObject({ confirm: z.string().min(1).max(64).describe('Repeat the id of what is deleted') })
  .meta({ id: 'Erasure', description: 'Confirms a deletion, which cannot be undone' });

export const newSession = z
  .strictObject({
    username: line('User name', 64),
    password: z.string().min(1).max(256).describe('Password'),
  })
  .meta({ id: 'NewSession', description: 'A login' });

export const newFirstOperator = z
  .strictObject({
    token: opaque('The token in the sign-up link that the hub printed at startup', 512),
    username,
    password: newPassword,
  })
  .meta({ id: 'NewFirstOperator', description: 'The first user of an empty installation' });

export const meView = z
  .strictObject({
    kind: z.enum(['api_key', 'user']).describe('Kind of caller'),
    name: z.string().describe('Name in the audit log: api_key:<id>, operator:<id> or user:<name>'),
    role: userRole.nullable().describe('Role of the user; null for a key'),
    component_appid: componentAppid.nullable().describe('Platform; null for the whole installation'),
    scopes: z.array(scopeSchema).describe('Scopes of the caller'),
    merchant_ids: z.array(merchantId).nullable().describe('Merchants it is limited to; null: all'),
    csrf_token: z
      .string()
      .nullable()
      .describe('Send it as `X-CSRF-Token` with every state-changing request that uses the cookie; null for keys'),
  })
  .meta({ id: 'Me', description: 'The current caller' });
export type MeView = z.infer<typeof meView>;

export const auditFilter = {
  from: momentInput('Only events at or after this time').optional(),
  to: momentInput('Only events before this time').optional(),
  actor: line('Only events of this actor, for example api_key:<id>', 200).optional(),
  action: line('Only this action, for example access_token.issued', 100).optional(),
  subject: line('Only events about this subject, for example authorizer:<appid>', 200).optional(),
  ...pageQuery,
};

export const auditEventView = z
  .strictObject({
    id: z.string().describe('Id of the event'),
    at: moment('Time of the event; for aggregated events the end of the second'),
    actor: z.string().describe('api_key:<id>, operator:<id>, user:<name>, wechat, system, or nobody (unauthenticated)'),
    action: z.string().describe('Action, for example access_token.issued'),
    subject: z.string().nullable().describe('Subject, for example authorizer:<appid>'),
    merchant_id: z.string().nullable().describe('Merchant concerned; null if not exactly one'),
    outcome: z.string().describe('`ok` or an error code'),
    address: z.string().nullable().describe('Network address of the caller'),
    count: z.number().int().min(1).describe('Number of equal events aggregated in this one'),
    detail: z.record(z.string(), z.unknown()).describe('Details; never contains secrets'),
  })
  .meta({ id: 'AuditEvent', description: 'One entry of the audit log' });
export type AuditEventView = z.infer<typeof auditEventView>;

export const auditEventPage = pageSchema(auditEventView, 'Events, newest first').meta({ id: 'AuditEventPage' });

export const auditChainQuery = {
  limit: queryInteger('Maximum number of events to check', 1, 20_000)
    .default(5000)
    .meta({
      description: 'Maximum number of events to check',
      wire: { type: 'integer', minimum: 1, maximum: 20_000, default: 5000 },
    }),
  cursor: pageQuery.cursor,
  expect_seq: queryInteger('Sequence number of a link: `head.seq` of an earlier response', 1, 999_999_999).optional(),
  expect_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional()
    .describe('Hash of that link: `head.hash` of the same response'),
};

export const auditChainView = z
  .strictObject({
    checked: z.number().int().describe('Events checked in this section'),
    problems: z
      .array(
        z.strictObject({
          kind: z
            .enum(['altered', 'removed'])
            .describe('`altered`: differs from what was chained. `removed`: no longer exists'),
          seq: z.number().int().describe('Sequence number of the link, or of the first removed one'),
          until_seq: z.number().int().describe('Sequence number of the last one'),
          event_id: z.string().nullable().describe('The event, if it exists'),
        }),
      )
      .describe('Problems found; empty: the section is intact'),
    head: z
      .strictObject({
        seq: z.number().int().describe('Sequence number of the newest link'),
        hash: z
          .string()
          .describe('Its hash; store it elsewhere and pass it as `expect_seq` and `expect_hash` next time'),
        chained_at: moment('When it was added'),
      })
      .describe('The end of the chain'),
    waiting: z
      .number()
      .int()
      .describe('Events older than a minute that are not chained yet; more than 0: no process is chaining'),
    next_cursor: z.string().nullable().describe('Cursor of the next section; null at the end'),
  })
  .meta({ id: 'AuditChain', description: 'Result of an audit log verification' });
export type AuditChainView = z.infer<typeof auditChainView>;
