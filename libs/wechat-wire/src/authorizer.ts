import { z } from 'zod';
import { numeric, optionalText } from './reply.ts';

/**
 * Reads the named members of an object one by one: one that is odd is left out and named in `unreadable`, the others count.
 * Members that are not named here stay as they came.
 */
function readFields<Shape extends Record<string, z.ZodType>>(shape: Shape, value: object) {
  const fields: Record<string, unknown> = { ...value };
  const unreadable: string[] = [];
  for (const [name, schema] of Object.entries(shape)) {
    if (!(name in fields)) continue;
    const read = schema.safeParse(fields[name]);
    if (read.success) fields[name] = read.data;
    else {
      delete fields[name];
      unreadable.push(name);
    }
  }
  return { fields: fields as Partial<z.infer<z.ZodObject<Shape>>> & Record<string, unknown>, unreadable };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Granted permission sets as sorted whole numbers without repetition. Understands every known form of an element of
 * `func_info`: `{funcscope_category: {id}}`, with type, name and desc, and with `confirm_info`. Elements of any other form
 * are passed over; text is never searched, so set 18 is not found in 118.
 */
export function permissionSets(funcInfo: unknown): number[] {
  return readPermissionSets(funcInfo).ids;
}

/** The same with the number of elements that could not be read: what they grant is not known. */
export function readPermissionSets(funcInfo: unknown): { ids: number[]; unreadable: number } {
  if (!Array.isArray(funcInfo)) return { ids: [], unreadable: 0 };
  const ids = new Set<number>();
  let unreadable = 0;
  for (const element of funcInfo as unknown[]) {
    const category = (element as { funcscope_category?: { id?: unknown } | null } | null | undefined)
      ?.funcscope_category;
    const id = numeric.safeParse(category?.id);
    if (id.success && id.data > 0) ids.add(id.data);
    else unreadable += 1;
  }
  return { ids: [...ids].sort((a, b) => a - b), unreadable };
}

const grantFields = {
  authorizer_appid: optionalText,
  authorization_appid: optionalText,
  appid: optionalText,
  authorizer_access_token: optionalText,
  expires_in: numeric.nullish(),
  authorizer_refresh_token: optionalText,
  func_info: z.array(z.unknown()).nullish(),
};

/** What an account has granted, as far as it could be read; the appid is found under any of the names that SDKs know. */
export interface GrantInfo {
  authorizer_appid: string | undefined;
  authorizer_access_token: string | undefined;
  expires_in: number | undefined;
  authorizer_refresh_token: string | undefined;
  /** Undefined: not told, or not readable. */
  permissionSets: number[] | undefined;
  /** Elements of `func_info` could not be read: more may be granted. */
  isPartial: boolean;
  unreadable: string[];
}

function grantInfo(value: unknown): GrantInfo {
  const { fields, unreadable } = readFields(grantFields, isObject(value) ? value : {});
  if (!isObject(value)) unreadable.push('authorization_info');
  const sets = fields.func_info ? readPermissionSets(fields.func_info) : undefined;
  if (sets && sets.unreadable > 0) unreadable.push('func_info[]');
  return {
    authorizer_appid: fields.authorizer_appid ?? fields.authorization_appid ?? fields.appid,
    authorizer_access_token: fields.authorizer_access_token,
    expires_in: fields.expires_in ?? undefined,
    authorizer_refresh_token: fields.authorizer_refresh_token,
    permissionSets: sets?.ids,
    isPartial: sets !== undefined && sets.unreadable > 0,
    unreadable,
  };
}

/**
 * Page "api_query_auth". The tokens are absent when the account has no API permission at all. `func_info` tells what was
 * granted, which need not be what was asked for.
 */
export const queryAuthReply = z.looseObject({ authorization_info: z.looseObject({}) }).transform((reply, context) => {
  const info = grantInfo(reply.authorization_info);
  const { authorizer_appid: appid } = info;
  if (appid !== undefined) return { ...reply, authorization_info: { ...info, authorizer_appid: appid } };
  const path = ['authorization_info', 'authorizer_appid'];
  context.addIssue({ code: 'custom', path, message: 'no appid under any of its names' });
  return z.NEVER;
});
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

const infoFields = {
  nick_name: text,
  head_img: text,
  user_name: text,
  alias: text,
  principal_name: text,
  signature: text,
  qrcode_url: text,
  service_type_info: typed,
  verify_type_info: typed,
  // An empty object comes as an empty list from some encoders.
  MiniProgramInfo: z.preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? {} : value),
    z.looseObject({ network: z.record(z.string(), z.unknown()).nullish().catch(null) }).nullish(),
  ),
  register_type: numeric.nullish(),
  account_status: numeric.nullish(),
  basic_config: z.looseObject({}).nullish(),
  channels_info: z.looseObject({}).nullish(),
  store_info: z.looseObject({}).nullish(),
  talent_info: z.looseObject({}).nullish(),
  supplier_info: z.looseObject({}).nullish(),
};

/** `authorizer_info` of the page "api_get_authorizer_info": only what the product reads is named, all else is as it came. */
export type AuthorizerInfo = Partial<z.infer<z.ZodObject<typeof infoFields>>> & Record<string, unknown>;

/**
 * Page "api_get_authorizer_info", member by member: one odd text of a merchant must not hide the account. An answer with
 * neither of the two parts says nothing and is refused. `kind` is null when what it depends on could not be read.
 */
export const authorizerInfoReply = z.looseObject({}).transform((reply, context) => {
  const { authorizer_info: info, authorization_info: granting } = reply;
  if (!isObject(info) && !isObject(granting)) {
    context.addIssue({ code: 'custom', path: ['authorizer_info'], message: 'neither part of the answer came' });
    return z.NEVER;
  }
  const read = readFields(infoFields, isObject(info) ? info : {});
  const grant = grantInfo(granting);
  const isKindReadable = isObject(info) && !read.unreadable.some((name) => KIND_FIELDS.has(name));
  return {
    ...reply,
    authorizer_info: read.fields,
    authorization_info: grant,
    kind: isKindReadable ? accountKind(read.fields) : null,
    /** Names of members, never what they hold. */
    unreadable: [...(isObject(info) ? read.unreadable : ['authorizer_info']), ...grant.unreadable],
  };
});
export type AuthorizerInfoReply = z.infer<typeof authorizerInfoReply>;

/** What `accountKind` looks at. */
const KIND_FIELDS: ReadonlySet<string> = new Set([
  'MiniProgramInfo',
  'service_type_info',
  'channels_info',
  'store_info',
  'talent_info',
  'supplier_info',
]);

/**
 * Kind of an account. `MiniProgramInfo` decides first: its presence is the documented mark of a mini program, and the
 * numbers of `service_type_info` mean different things for the kinds.
 */
export function accountKind(info: AuthorizerInfo): 'mini_program' | 'official_account' | 'other' {
  if (info.MiniProgramInfo) return 'mini_program';
  if (info.channels_info || info.store_info || info.talent_info || info.supplier_info) return 'other';
  return info.service_type_info ? 'official_account' : 'other';
}

const entryFields = { authorizer_appid: z.string().min(1), refresh_token: optionalText, auth_time: numeric.nullish() };

/**
 * Page "api_get_authorizer_list", entry by entry. The refresh token has another name here than everywhere else, and is
 * missing or empty when the authorization code was never exchanged. `auth_time` is in Unix seconds; an odd one is unknown.
 * An entry without an appid, or whose refresh token is neither text nor missing, is not in `list` but in `unreadable`:
 * nothing may be concluded about its account.
 */
export const authorizerListReply = z
  .looseObject({ total_count: numeric, list: z.unknown().optional() })
  .transform((reply, context) => {
    const entries = entriesOf(reply.list);
    // An account on no list is taken for unauthorized, so a list that did not come must not read as an empty one.
    if (!entries && !(reply.list == null && reply.total_count === 0)) {
      context.addIssue({ code: 'custom', path: ['list'], message: 'no list although total_count is not 0' });
      return z.NEVER;
    }
    const list: { authorizer_appid: string; refresh_token: string | undefined; auth_time: number | null }[] = [];
    const unreadable: { authorizer_appid: string | null }[] = [];
    for (const entry of entries ?? []) {
      const { fields, unreadable: odd } = readFields(entryFields, isObject(entry) ? entry : {});
      const { authorizer_appid: appid, refresh_token: token, auth_time: time } = fields;
      if (appid === undefined || odd.includes('refresh_token')) unreadable.push({ authorizer_appid: appid ?? null });
      else list.push({ authorizer_appid: appid, refresh_token: token, auth_time: time ?? null });
    }
    return { ...reply, list, unreadable };
  });
export type AuthorizerListReply = z.infer<typeof authorizerListReply>;

/** A list, or a map with numbers as keys, which some encoders make of a list; null for anything else. */
function entriesOf(list: unknown): unknown[] | null {
  if (Array.isArray(list)) return list as unknown[];
  if (!isObject(list)) return null;
  const entries = Object.entries(list);
  return entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))
    ? entries.map(([, entry]) => entry as unknown)
    : null;
}
