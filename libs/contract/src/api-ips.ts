import { z } from 'zod';
import { moment, pageSchema } from './fields.ts';

export const apiIpKind = z
  .enum(['api-domain', 'callback'])
  .describe(
    "`api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)",
  );
export type ApiIpKind = z.infer<typeof apiIpKind>;

export const apiIpView = z
  .strictObject({
    kind: apiIpKind,
    observed_at: moment('Latest observation of this list'),
    stale: z.boolean().describe('True if the latest observation is older than two fetch intervals'),
    sync_token: z.string().describe('Changes exactly when the list changes'),
    ip_list: z.array(z.string()).describe('Addresses and CIDR ranges, without duplicates'),
  })
  .meta({ id: 'WechatIps', description: "WeChat's addresses of one kind" });
export type ApiIpView = z.infer<typeof apiIpView>;

export const apiIpSnapshotView = z
  .strictObject({
    id: z.string().describe('Id of the snapshot'),
    kind: apiIpKind,
    first_observed_at: moment('First observation of this list'),
    last_observed_at: moment('Latest observation of this list'),
    observations: z.number().int().min(1).describe('Number of consecutive observations without change'),
    sync_token: z.string().describe('Changes exactly when the list changes'),
    ip_list: z.array(z.string()).describe('Addresses and CIDR ranges, without duplicates'),
    added: z.array(z.string()).describe('Added since the previous snapshot'),
    removed: z.array(z.string()).describe('Removed since the previous snapshot'),
  })
  .meta({ id: 'WechatIpSnapshot', description: 'A list of addresses over a period without change' });
export type ApiIpSnapshotView = z.infer<typeof apiIpSnapshotView>;

export const apiIpSnapshotPage = pageSchema(apiIpSnapshotView, 'Snapshots, newest first').meta({
  id: 'WechatIpSnapshotPage',
});
