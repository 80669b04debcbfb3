export { API_IP_KINDS, ApiIps, type ApiIpsParts } from './api-ips.ts';
export type { CurrentIps } from './api-ip-history.ts';
export { normaliseIp, normaliseIpList, type IpList } from './ip-list.ts';
