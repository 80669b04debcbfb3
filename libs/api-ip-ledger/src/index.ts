export { API_IP_KINDS, ApiIps, type ApiIpsParts, type FetchedIps } from './api-ips.ts';
export { normaliseIp, normaliseIpList, type IpList } from './ip-list.ts';
