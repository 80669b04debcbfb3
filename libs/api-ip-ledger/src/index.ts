export { API_IP_KINDS, ApiIps, type ApiIpsParts, type FetchedIps, type FreshPass } from './api-ips.ts';
export type { KeptFailure } from './ip-fetches.ts';
export { ipListEtag, ipListFormats, type IpListFormat } from './ip-formats.ts';
export { normaliseIp, normaliseIpList, type IpList } from './ip-list.ts';
