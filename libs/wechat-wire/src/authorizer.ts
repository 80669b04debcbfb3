import { z } from 'zod';
import { numeric, optionalText } from './reply.ts';

/**
 * Granted permission sets as sorted whole numbers without repetition. Understands every known form of an element of
 * `func_info`: `{funcscope_category: {id}}`, with type, name and desc, and with `confirm_info`. Elements of any other form
 * are passed over; text is never searched, so set 18 is not found in 118.
 */
export function permissionSets(funcInfo: unknown): number[] {
  if (!Array.isArray(funcInfo)) return [];
  const ids = new Set<number>();
  for (const element of funcInfo as unknown[]) {
    const category = (element as { funcscope_category?: { id?: unknown } | null } | null | undefined)
      ?.funcscope_category;
    const id = numeric.safeParse(category?.id);
    if (id.success && id.data > 0) ids.add(id.data);
  }
  return [...ids].sort((a, b) => a - b);
}

const appid = z.string().min(1);
const funcInfo = z.array(z.unknown()).nullish();

/** `authorizer_appid` under its own name, or under the older `authorization_appid` or `appid` that SDKs know. */
const authorizationInfo = z
  .looseObject({
    authorizer_appid: appid.optional(),
    authorization_appid: appid.optional(),
    appid: appid.optional(),
    authorizer_access_token: optionalText,
    expires_in: numeric.nullish(),
    authorizer_refresh_token: optionalText,
    func_info: funcInfo,
  })
  .transform((info, context) => {
    const found = info.authorizer_appid ?? info.authorization_appid ?? info.appid;
    if (found === undefined) {
      context.addIssue({ code: 'custom', path: ['authorizer_appid'], message: 'no appid under any of its names' });
      return z.NEVER;
    }
    return { ...info, authorizer_appid: found };
  });

/**
 * Page "api_query_auth". The tokens are absent when the account has no API permission at all. `func_info` tells what was
 * granted, which need not be what was asked for.
 */
export const queryAuthReply = z.looseObject({ authorization_info: authorizationInfo });
export type QueryAuthReply = z.infer<typeof queryAuthReply>;

/** Page "api_authorizer_token". An absent refresh token means: keep the one you have. */
export const authorizerTokenReply = z.looseObject({
  authorizer_access_token: z.string().min(1),
  expires_in: numeric.refine((seconds) => seconds > 0, 'must be a positive number of seconds'),
  authorizer_refresh_token: optionalText,
});
export type AuthorizerTokenReply = z.infer<typeof authorizerTokenReply>;

const typed = z.looseObject({ id: numeric, name: z.string().nullish() }).nullish();
const text = z.string().nullish();

/** `authorizer_info` of the page "api_get_authorizer_info"; only what the product reads is named, all is kept. */
export const authorizerInfo = z.looseObject({
  nick_name: text,
  head_img: text,
  user_name: text,
  alias: text,
  principal_name: text,
  signature: text,
  qrcode_url: text,
  service_type_info: typed,
  verify_type_info: typed,
  MiniProgramInfo: z.looseObject({ network: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  register_type: numeric.nullish(),
  account_status: numeric.nullish(),
  basic_config: z.looseObject({}).nullish(),
  channels_info: z.looseObject({}).nullish(),
  store_info: z.looseObject({}).nullish(),
  talent_info: z.looseObject({}).nullish(),
  supplier_info: z.looseObject({}).nullish(),
});
export type AuthorizerInfo = z.infer<typeof authorizerInfo>;

/** Page "api_get_authorizer_info". */
export const authorizerInfoReply = z.looseObject({
  authorizer_info: authorizerInfo,
  authorization_info: authorizationInfo,
});
export type AuthorizerInfoReply = z.infer<typeof authorizerInfoReply>;

/**
 * Kind of an account. `MiniProgramInfo` decides first: its presence is the documented mark of a mini program, and the
 * numbers of `service_type_info` mean different things for the kinds.
 */
export function accountKind(info: AuthorizerInfo): 'mini_program' | 'official_account' | 'other' {
  if (info.MiniProgramInfo) return 'mini_program';
  if (info.channels_info || info.store_info || info.talent_info || info.supplier_info) return 'other';
  return info.service_type_info ? 'official_account' : 'other';
}

/**
 * Page "api_get_authorizer_list". The refresh token has another name here than everywhere else, and is missing or empty
 * when the authorization code was never exchanged. `auth_time` is in Unix seconds.
 */
export const authorizerListReply = z
  .looseObject({
    total_count: numeric,
    list: z
      .array(z.looseObject({ authorizer_appid: appid, refresh_token: optionalText, auth_time: numeric.nullish() }))
      .nullish(),
  })
  .transform((reply, context) => {
    // Who is on no list is taken for unauthorized, so a list that did not come must not read as an empty one.
    if (!reply.list && reply.total_count !== 0) {
      context.addIssue({ code: 'custom', path: ['list'], message: 'no list although total_count is not 0' });
      return z.NEVER;
    }
    return { ...reply, list: reply.list ?? [] };
  });
export type AuthorizerListReply = z.infer<typeof authorizerListReply>;
