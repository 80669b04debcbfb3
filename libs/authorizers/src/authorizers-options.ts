import { DAY_MS } from '#libs/kernel';
import { DEFAULT_LIST_GUARD, type ListGuard } from './reconciliation/reconcile-guard.ts';

/** Figures of this library that an installation or a spec may set. */
export class AuthorizersOptions {
  /** Base of the hub's own URLs, asked each time: a listener on port 0 learns its port late. Its host is always allowed. */
  publicUrl: () => string = () => 'http://127.0.0.1:8080';
  /**
   * Hosts (`shop.example.com`, or `.example.com` for all below it) that merchants may be sent back to. Undefined: every
   * https host, since only holders of a key with `authorizers:write` make links and the redirect carries no secret.
   */
  returnUrlHosts: readonly string[] | undefined = undefined;
  /** Stands in for the hosts of WeChat's authorization pages, without a slash at the end. Undefined: WeChat's own. */
  wechatPagesUrl: string | undefined = undefined;
  /** Codes in ten minutes that come by redirect without a link of ours, and have brought nothing (yet). */
  linklessCodes = 20;
  /** The same from one address: less, so that one sender of invented codes does not use up those of all. */
  linklessCodesOfAddress = 5;
  /** How long an authorization code belongs to one process, in seconds; longer than three calls to WeChat may take. */
  exchangeLeaseSeconds = 45;
  /** Between two comparisons with WeChat's authorizer list, in milliseconds. */
  reconcileEveryMs = DAY_MS;
  /** When a list of WeChat is too short to be believed. */
  listGuard: ListGuard = DEFAULT_LIST_GUARD;
  /** Accounts of one page of WeChat's list, at most 500 (40170 above). */
  listPageSize = 500;
  /** Milliseconds between tries of one page. */
  listPagePausesMs: readonly number[] = [500, 1500];
  /**
   * After this number of pages (of the list, or of 100 single accounts) or milliseconds a reconciliation frees its slot, and goes
   * on behind the work of other platforms that waits.
   */
  reconciliationPortion: { pages: number; ms: number } = { pages: 20, ms: 15_000 };
  /** How long a killed process keeps a reconciliation from others, in seconds. */
  reconciliationLeaseSeconds = 60;
}
