import type { Texts } from './texts.ts';

/** WeChat's addresses and their history. */
export const wechatIpTexts: Texts = {
  "`api-domain`: addresses of WeChat's API servers (get_api_domain_ip). `callback`: addresses that pushes are sent from (getcallbackip)":
    '`api-domain`：微信接口服务器的 IP（get_api_domain_ip）。`callback`：微信推送的来源 IP（getcallbackip）',
  '`text`: one address or network per line. `nftables`: for `nft -f`. `ipset`: for `ipset restore`. `iptables`: for `iptables-restore --noflush`. `nginx`: `allow` lines. `terraform`: lists as locals':
    '`text`：每行一个地址或网段。`nftables`：用于 `nft -f`。`ipset`：用于 `ipset restore`。`iptables`：用于 `iptables-restore --noflush`。`nginx`：`allow` 指令。`terraform`：以 locals 定义的列表',
  'Only addresses of this family': '仅此地址族',
  'With `format=terraform`: security-group rules of this provider beside the lists':
    '`format=terraform` 时：在列表之外附带该云服务商的安全组规则',
  '`empty`: no address. `incomplete`: entries that could not be read. `shrunk`: more than half of the published list is gone':
    '`empty`：没有地址。`incomplete`：含无法解析的条目。`shrunk`：少了已发布列表的一半以上',
  '`held`: waiting. `published`: confirmed, or three fetches agreed. `withdrawn`: WeChat returned a different list':
    '`held`：待确认。`published`：已由人工确认，或连续三次获取一致。`withdrawn`：微信后来返回了不同的列表',
  'When it was fetched first': '首次获取时间',
  'When it was fetched last': '最后一次获取时间',
  'Fetches in a row that gave it': '连续获取到该列表的次数',
  'When it was published or withdrawn': '发布或作废时间',
  'Who confirmed it, or `agreement`; null while it is held or withdrawn':
    '确认者，或 `agreement`（自动发布）；待确认或已作废则为 null',
  'Addresses and CIDR ranges that could be read': '可解析的地址与 CIDR 网段',
  'Entries that could not be read, as they came': '无法解析的条目，原样列出',
  'Entries that the list published at that time did not have': '当时已发布的列表中没有的条目',
  'Entries of the list published at that time that this one does not cover':
    '当时已发布的列表中有、而此列表未覆盖的条目',
  'A fetched list that was not published at once': '获取后未立即发布的列表',
  'Candidates, newest first': '待确认列表，最新的在前',
  'The later moment; null: now': '较晚的时刻；null 表示当前',
  'Token of the list at the earlier moment': '较早时刻的列表标识',
  'Token of the list at the later moment': '较晚时刻的列表标识',
  'Entries that are in the later list only': '仅较晚的列表中有的条目',
  'Entries that are in the earlier list only': '仅较早的列表中有的条目',
  'Address or CIDR range as listed': '地址或 CIDR 网段，与列表中一致',
  'First list that has it': '首次包含它的列表的时间',
  'First list without it': '首次不再包含它的列表的时间',
  'Whether the latest list has it': '最近的列表是否仍包含它',
  'A period in which an address was in the list without a break': '地址连续存在于列表中的一段时间',
  'Lifetimes, by address': '存续期，按地址排序',
  'First observation of this list': '首次获取到此列表的时间',
  'Latest observation of this list': '最近一次获取到此列表的时间',
  'Addresses and CIDR ranges, without duplicates': '地址与 CIDR 网段，无重复',
  'Added since the previous snapshot': '与上一个快照相比新增的条目',
  'Removed since the previous snapshot': '与上一个快照相比移除的条目',
  'A list of addresses over a period without change': '在一段时间内未变化的地址列表',
  'True if the latest observation is older than two fetch intervals': '最近一次获取早于两个获取周期则为 true',
  "Whether WeChat's latest answer has entries that could not be read": '微信最近一次返回中是否有无法解析的条目',
  'A newer list that waits for confirmation, and why; null: none': '等待确认的更新列表及其原因；没有则为 null',
  "WeChat's addresses of one kind": '某一类微信 IP 地址',
  'For allow-lists: poll with `If-None-Match` and update when the `ETag` changes.':
    '用于白名单：带 `If-None-Match` 轮询，`ETag` 变化时更新。',
  '`true`: the same addresses in as few networks as possible': '`true`：将相同的地址合并为尽可能少的网段',
  'ETag of a previous response': '此前响应的 ETag',
  'The current list': '当前列表',
  'Changes when the list or its staleness changes': '列表或其新旧状态变化时改变',
  'Unchanged since that response': '与该 ETag 的响应相比没有变化',
  "Keys of a platform use that platform's token; if the list was fetched less than a minute ago, the latest snapshot is returned instead.":
    '平台的密钥使用该平台的令牌；列表获取未满一分钟时，返回最近一次快照。',
  'The later moment; absent: now': '较晚的时刻；不填则为当前',
  'What changed': '变化',
  'Only entries that hold this address': '仅包含此地址的条目',
  'A fetched list is held if it is empty, has unreadable entries, or lacks more than half of the published entries. It is published when three fetches in a row agree, unless it is empty.':
    '获取到的列表若为空、含无法解析的条目，或少了已发布条目的一半以上，则暂缓发布。连续三次获取一致后自动发布，空列表除外。',
  'At most 100': '最多 100 条',
  'Recorded in the audit trail. The lists are the same for all platforms.': '记入审计日志。列表由所有平台共用。',
  'The published list': '已发布的列表',
};
