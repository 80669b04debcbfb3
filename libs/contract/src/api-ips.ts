import { z } from 'zod';
import { moment, pageSchema } from './fields.ts';

/** Reasons for which a fetched list is not published at once. */
const holdReason = z
  .enum(['empty', 'incomplete', 'shrunk'])
  .describe(
    '`empty`: no address. `incomplete`: entries that could not be read. `shrunk`: more than half of the published list is gone',
  );

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
    incomplete: z.boolean().describe("Whether WeChat's latest answer has entries that could not be read"),
    sync_token: z.string().describe('Changes exactly when the list changes'),
    ip_list: z.array(z.string()).describe('Addresses and CIDR ranges, without duplicates'),
    held: z
      .strictObject({
        id: z.string().describe('Id of the candidate'),
        reason: holdReason,
        since: moment('When it was fetched first'),
      })
      .nullable()
      .describe('A newer list that waits for confirmation, and why; null: none'),
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

export const apiIpFormat = z
  .enum(['json', 'text', 'nftables', 'ipset', 'iptables', 'nginx', 'terraform'])
  .default('json')
  .describe(
    '`text`: one address or network per line. `nftables`: for `nft -f`. `ipset`: for `ipset restore`. `iptables`: for `iptables-restore --noflush`. `nginx`: `allow` lines. `terraform`: lists as locals',
  );
export type ApiIpFormat = z.infer<typeof apiIpFormat>;

export const terraformRules = z
  .enum(['none', 'aws', 'alicloud', 'tencentcloud'])
  .default('none')
  .describe('With `format=terraform`: security-group rules of this provider beside the lists');
export type TerraformRules = z.infer<typeof terraformRules>;

export const apiIpFamily = z.enum(['all', 'ipv4', 'ipv6']).default('all').describe('Only addresses of this family');

export const apiIpCandidateView = z
  .strictObject({
    id: z.string().describe('Id of the candidate'),
    kind: apiIpKind,
    reason: holdReason,
    state: z
      .enum(['held', 'published', 'withdrawn'])
      .describe(
        '`held`: waiting. `published`: confirmed, or three fetches agreed. `withdrawn`: WeChat returned a different list',
      ),
    first_observed_at: moment('When it was fetched first'),
    last_observed_at: moment('When it was fetched last'),
    observations: z.number().int().min(1).describe('Fetches in a row that gave it'),
    decided_at: moment('When it was published or withdrawn').nullable(),
    decided_by: z.string().nullable().describe('Who confirmed it, or `agreement`; null while it is held or withdrawn'),
    ip_list: z.array(z.string()).describe('Addresses and CIDR ranges that could be read'),
    unreadable: z.array(z.string()).describe('Entries that could not be read, as they came'),
    added: z.array(z.string()).describe('Entries that the list published at that time did not have'),
    removed: z.array(z.string()).describe('Entries of the list published at that time that this one does not cover'),
  })
  .meta({ id: 'WechatIpCandidate', description: 'A fetched list that was not published at once' });
export type ApiIpCandidateView = z.infer<typeof apiIpCandidateView>;
export const apiIpCandidatePage = pageSchema(apiIpCandidateView, 'Candidates, newest first').meta({
  id: 'WechatIpCandidatePage',
});

export const apiIpDiffView = z
  .strictObject({
    kind: apiIpKind,
    from: moment('The earlier moment'),
    to: moment('The later moment; null: now').nullable(),
    from_sync_token: z.string().describe('Token of the list at the earlier moment'),
    to_sync_token: z.string().describe('Token of the list at the later moment'),
    added: z.array(z.string()).describe('Entries that are in the later list only'),
    removed: z.array(z.string()).describe('Entries that are in the earlier list only'),
  })
  .meta({ id: 'WechatIpDiff', description: 'What changed between two moments' });
export type ApiIpDiffView = z.infer<typeof apiIpDiffView>;

export const apiIpLifetimeView = z
  .strictObject({
    address: z.string().describe('Address or CIDR range as listed'),
    first_observed_at: moment('First list that has it'),
    last_observed_at: moment('Last observation with it'),
    ended_at: moment('First list without it').nullable(),
    present: z.boolean().describe('Whether the latest list has it'),
  })
  .meta({ id: 'WechatIpLifetime', description: 'A period in which an address was in the list without a break' });
export const apiIpLifetimePage = pageSchema(apiIpLifetimeView, 'Lifetimes, by address').meta({
  id: 'WechatIpLifetimePage',
});
export type ApiIpLifetimePage = z.infer<typeof apiIpLifetimePage>;
