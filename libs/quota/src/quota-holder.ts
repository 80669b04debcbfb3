import { PATHS } from '#libs/wechat-wire';

/** The way out of a used-up quota must never be closed by it. */
const NEVER_STOPPED: ReadonlySet<string> = new Set([PATHS.clearComponentQuotaV2, PATHS.clearQuota, PATHS.quotaClear]);

/**
 * Whose quota a call uses: '' is the platform. Calls on behalf of a merchant, made with its token, use the merchant's own
 * (page "接口调用额度说明"); calls with the component token use the platform's, also when they name a merchant.
 */
export function quotaHolder(path: string, authorizerAppid: string | undefined): string {
  return path.startsWith('/cgi-bin/component/') ? '' : (authorizerAppid ?? '');
}

/** Whether a call may be refused here at all. */
export function mayBeStopped(path: string): boolean {
  return !NEVER_STOPPED.has(path);
}
