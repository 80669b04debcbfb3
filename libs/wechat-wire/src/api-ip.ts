import { z } from 'zod';

/**
 * Pages "getApiDomainIp" and "getCallbackIp": single addresses in today's samples, networks such as `101.226.103.0/25` in
 * older ones and in live answers, with repetitions. A success carries no errcode.
 */
export const ipListReply = z.looseObject({ ip_list: z.array(z.string().min(1)) });
export type IpListReply = z.infer<typeof ipListReply>;
