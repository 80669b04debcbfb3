import { z } from 'zod';
import { authorizerAppid, line, merchantId, moment, pageSchema } from './fields.ts';

const name = line('Display name of the merchant', 200);

export const newMerchant = z
  .strictObject({ merchant_id: merchantId, name })
  .meta({ id: 'NewMerchant', description: 'A merchant of the platform' });

export const merchantPatch = z
  .strictObject({ name })
  .meta({ id: 'MerchantPatch', description: 'The new name of the merchant' });

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
      .describe('Where to redirect the merchant after authorizing; absent: a page of the hub'),
  })
  .meta({ id: 'NewAuthorizationLink', description: 'A link for a merchant to authorize the platform' });

export const authorizationLinkView = z
  .strictObject({
    url: z.url().describe("URL for the merchant's browser, opened from a page on the platform's domain"),
    pre_auth_code_expires_at: moment('When the link expires'),
  })
  .meta({ id: 'AuthorizationLink', description: 'A link for a merchant to authorize the platform' });

export type AuthorizationLinkView = z.infer<typeof authorizationLinkView>;

function isWebUrl(value: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f\\]/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
}
