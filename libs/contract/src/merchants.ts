import { z } from 'zod';
import { authorizerAppid, issuedId, line, merchantId, moment, pageQuery, pageSchema } from './fields.ts';

const name = line('Display name of the merchant', 200);

export const newMerchant = z
  .strictObject({ merchant_id: merchantId, name })
  .meta({ id: 'NewMerchant', description: 'A merchant of the platform' });

export const merchantPatch = z
  .strictObject({ name })
  .meta({ id: 'MerchantPatch', description: 'The new name of the merchant' });

export const merchantRemoval = z
  .strictObject({ confirm: merchantId.describe('Repeat the merchant_id') })
  .meta({ id: 'MerchantRemoval', description: 'Confirms the removal of a merchant' });

export const removedMerchant = z
  .strictObject({
    merchant_id: merchantId,
    unassigned: z.array(authorizerAppid).describe('Accounts that were assigned to it, and now to nobody'),
  })
  .meta({ id: 'RemovedMerchant', description: 'What the removal of a merchant changed' });

export const merchantView = z
  .strictObject({
    merchant_id: merchantId,
    name,
    created_at: moment('When the merchant was created'),
    updated_at: moment('When the merchant was last changed'),
  })
  .meta({ id: 'Merchant', description: 'A merchant of the platform' });

export type MerchantView = z.infer<typeof merchantView>;

export const merchantPage = pageSchema(merchantView, 'Merchants by merchant_id').meta({ id: 'MerchantPage' });

/** ISO 8601 of days, hours and minutes, as seconds. */
const linkLifetime = z
  .string()
  .regex(/^P(?=.)(\d{1,3}D)?(T(?=.)(\d{1,4}H)?(\d{1,6}M)?)?$/, 'must be an ISO 8601 duration such as P7D or PT12H')
  .refine((text) => {
    const seconds = lifetimeSeconds(text);
    return seconds >= 300 && seconds <= 90 * 86_400;
  }, 'must be from PT5M to P90D');

/** Seconds of an `expires_in` of `newAuthorizationLink`. */
export function lifetimeSeconds(text: string): number {
  const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
}

export const newAuthorizationLink = z
  .strictObject({
    merchant_id: merchantId,
    page: z.enum(['pc', 'mobile']).describe('`pc`: page with a QR code. `mobile`: page for the browser inside WeChat'),
    auth_type: z
      .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6), z.literal(8)])
      .optional()
      .describe(
        'Kinds of accounts to offer: 1 official accounts, 2 mini programs, 3 both, 4 mini program promoter, ' +
          '5 channels, 6 all, 8 sales assistants',
      ),
    authorizer_appid: authorizerAppid.optional().describe('Limits the page to this account; overrides auth_type'),
    permission_sets: z
      .array(z.number().int().min(1).max(100_000))
      .min(1)
      .max(200)
      .optional()
      .describe('Permission sets to request; absent: those the platform has published'),
    return_url: z
      .string()
      .max(2048)
      .refine(isWebUrl, 'must be an http:// or https:// URL without user name and password')
      .optional()
      .describe('Where the merchant is sent after authorizing; absent: a page of the hub'),
    expires_in: linkLifetime
      .optional()
      .describe('How long the link can be opened: an ISO 8601 duration from PT5M to P90D; absent: P7D'),
  })
  .meta({ id: 'NewAuthorizationLink', description: 'A link for a merchant to authorize the platform' });

export const authorizationLinkState = z.enum(['open', 'used', 'expired', 'revoked']);

export const authorizationLinkView = z
  .strictObject({
    id: issuedId('Id of the link; also the last part of its URL'),
    url: z.url().describe('A page of the hub: send it to the merchant, or show it as a QR code'),
    merchant_id: merchantId,
    state: authorizationLinkState.describe(
      '`open`; `used`: an account was authorized with it (it can be opened again until it expires); `expired`; `revoked`',
    ),
    page: z.enum(['pc', 'mobile']).describe("WeChat's page that the merchant is sent to first"),
    auth_type: z.number().int().describe('Which accounts are offered, as in the request'),
    authorizer_appid: authorizerAppid
      .nullable()
      .describe('The account that the link is limited to, or the one that used it; null: neither'),
    permission_sets: z
      .array(z.number().int())
      .nullable()
      .describe('Permission sets that are asked for; null: what the platform has published'),
    return_url: z.string().nullable().describe('Where the merchant is sent after authorizing; null: a page of the hub'),
    created_at: moment('When it was made'),
    expires_at: moment('When the link expires'),
    revoked_at: moment('When it was revoked').nullable(),
    used_at: moment('When an account was first authorized with it').nullable(),
    openings: z.number().int().min(0).describe('How often the page was opened'),
    last_opened_at: moment('When the page was last opened').nullable(),
    pre_auth_code_expires_at: moment("When the newest pre-auth code expires; WeChat's page does not work after this")
      .nullable()
      .describe('When the newest pre-auth code expires; null until the page is opened'),
  })
  .meta({ id: 'AuthorizationLink', description: 'A link for a merchant to authorize the platform' });

export const authorizationLinkPage = pageSchema(authorizationLinkView, 'Links, newest first').meta({
  id: 'AuthorizationLinkPage',
});

export const authorizationLinkFilter = {
  merchant_id: merchantId.optional().describe('Only links of this merchant'),
  state: authorizationLinkState.optional().describe('Only links in this state'),
  ...pageQuery,
};

export type AuthorizationLinkView = z.infer<typeof authorizationLinkView>;

function isWebUrl(value: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f\\]/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
}
