import type { AuditTrail } from '#libs/access';
import { ApiIpHistory, ApiIpOptions, ApiIps, IpCandidates, IpFetches, IpSource } from '#libs/api-ip-ledger';
import type { ComponentAccounts, ComponentTokens } from '#libs/custody';
import { EventWriter } from '#libs/events';
import { Ticks, type Database, type Log, type Metrics, type Settings } from '#libs/kernel';
import { ApiIpApi, type WechatTransport } from '#libs/wechat';

/** What `ApiIpLedgerModule` puts together, as long as the hub is wired by hand. */
export function apiIpsByHand(parts: {
  db: Database;
  log: Log;
  metrics: Metrics;
  settings: Settings;
  audit: AuditTrail;
  accounts: ComponentAccounts;
  tokens: ComponentTokens;
  transport: WechatTransport;
}): ApiIps {
  const { db, log, metrics, settings } = parts;
  const options = Object.assign(new ApiIpOptions(), { intervalMs: settings.apiIpIntervalMs });
  const candidates = new IpCandidates();
  return new ApiIps(
    db,
    new ApiIpHistory(options),
    new IpFetches(db, candidates, parts.accounts, parts.audit, new EventWriter()),
    candidates,
    new IpSource(parts.accounts, parts.tokens, new ApiIpApi(parts.transport), log),
    options,
    log,
    metrics,
    new Ticks(settings, log),
  );
}
