export { ApiIpLedgerModule } from './api-ip-ledger.module.ts';
export { API_IP_KINDS, ApiIps, type FetchedIps, type FreshPass } from './api-ips.ts';
export { IpCandidates } from './brake/ip-candidates.ts';
export { IpFetches, type KeptFailure } from './fetch/ip-fetches.ts';
export { ApiIpOptions } from './history/api-ip-history.ts';
export { type FormatContext, type IpListFormat, ipListEtag, ipListFormats } from './export/ip-formats.ts';
export { aggregated, holds } from './lists/ip-cover.ts';
export { type IpList, normaliseIpList } from './lists/ip-list.ts';
