import { z } from 'zod';
import { numeric, optionalText, statusFields, statusReply } from './reply.ts';

/** Seconds of life; WeChat's word counts, not the page's (pre-auth codes: 1800 in the text, 600 in the sample). */
const expiresIn = numeric.refine((seconds) => seconds > 0, 'must be a positive number of seconds');
const token = z.string().min(1);

/** Page "api_start_push_ticket". `errmsg` is `ok` when pushing had stopped, `in a normal state` when it had not. */
export const startPushTicketReply = statusReply;

/** Page "api_component_token". */
export const componentTokenReply = z.looseObject({ component_access_token: token, expires_in: expiresIn });
export type ComponentTokenReply = z.infer<typeof componentTokenReply>;

/** Page "api_create_preauthcode". */
export const preauthCodeReply = z.looseObject({ pre_auth_code: token, expires_in: expiresIn });
export type PreauthCodeReply = z.infer<typeof preauthCodeReply>;

/** Page "clearComponentQuotaByAppSecret". */
export const clearQuotaReply = statusReply;

const rateLimit = z.looseObject({ call_count: numeric, refresh_second: numeric }).nullish();

/** Page "getApiQuota". `component_rate_limit` is for calls on behalf of a merchant; each part may be missing. */
export const quotaReply = z.looseObject({
  ...statusFields,
  quota: z.looseObject({ daily_limit: numeric, used: numeric, remain: numeric }).nullish(),
  rate_limit: rateLimit,
  component_rate_limit: rateLimit,
});
export type QuotaReply = z.infer<typeof quotaReply>;

/**
 * Page "modifyThirdpartyServerDomain" with action `get`: the platform's own hosts joined by `;`. A missing field means
 * that there is no such list (nothing published), not that it is empty.
 */
export const serverDomainListReply = z.looseObject({
  ...statusFields,
  published_wxa_server_domain: z.string().nullish(),
  testing_wxa_server_domain: z.string().nullish(),
  invalid_wxa_server_domain: optionalText,
});
export type ServerDomainListReply = z.infer<typeof serverDomainListReply>;

/** Page "modifyThirdpartyJumpDomain" with action `get`: the platform's business domains, in the form of the server domains. */
export const jumpDomainListReply = z.looseObject({
  ...statusFields,
  published_wxa_jump_h5_domain: z.string().nullish(),
  testing_wxa_jump_h5_domain: z.string().nullish(),
});

/** Page "getThirdpartyJumpDomainConfirmFile". */
export const confirmFileReply = z.looseObject({
  ...statusFields,
  file_name: z.string().min(1),
  file_content: z.string().min(1),
});

/** Page "callback/check": what WeChat finds when it resolves and pings the host of the callback URL, from networks that it names. */
export const callbackCheckReply = z.looseObject({
  ...statusFields,
  dns: z.array(z.looseObject({ ip: z.string(), real_operator: optionalText })).nullish(),
  ping: z.array(z.looseObject({ ip: z.string(), from_operator: optionalText, package_loss: optionalText })).nullish(),
});

/**
 * The joined list as single entries, in order, each with what stands before its host removed: values with a scheme were
 * seen although the page says bare hosts.
 */
export function platformDomains(joined: string): string[] {
  return joined
    .split(';')
    .map((entry) => entry.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''))
    .filter((entry) => entry !== '');
}
