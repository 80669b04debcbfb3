import type { Texts } from './texts.ts';

/** Domains of all mini programs: coverage, drift, changes, gauges, assertions. */
export const fleetTexts: Texts = {
  'With `group=effective_domain`, `pending` means configured in any group but not effective, `missing` means neither. With another group, `pending` means not in that group, but configured in a different one and not effective; a domain that is effective without being in the group is `missing`. A domain without scheme matches with and without the scheme of the list. With `verdict`, a page may have fewer items than the limit, even none, while next_cursor is not null.':
    '查询 `group=effective_domain` 时，`pending` 表示在任一分组中已配置但未生效，`missing` 表示既未配置也未生效。查询其他分组时，`pending` 表示不在该分组、但在别的分组中已配置且未生效；已生效但不在该分组的域名为 `missing`。不带协议的域名，与列表中带或不带协议的写法都能匹配。指定 `verdict` 时，一页的条数可能少于 `limit`，甚至为空，而 next_cursor 不为 null。',
  'Group to look for the domain in': '在哪个分组中查找域名',
  'Only mini programs with this verdict; the counts still cover all': '仅此结论的小程序；计数仍包含全部',
  'Total counts and one page': '总计数与一页结果',
  'All matching rows from the cursor on, streamed; `limit` is ignored':
    '自游标起全部符合条件的行，流式返回；`limit` 不起作用',
  'The first snapshot of a mini program is not a change. Sweeps commit page by page, so a change may become visible seconds after its `observed_at` (minutes if WeChat responds slowly), behind newer changes. To poll without missing any, request `from` one hour before the latest `observed_at` and skip known changes: `snapshot_id`, `group` and `list` together identify a change. A cursor keeps its position when new changes arrive.':
    '小程序的首个快照不算变更。巡检逐页提交，因此一项变更可能在其 `observed_at` 之后数秒（微信响应慢时数分钟）才可见，且排在更新的变更之后。要轮询且不遗漏，请将 `from` 设为最近一次 `observed_at` 之前一小时，并跳过已知的变更：`snapshot_id`、`group` 与 `list` 合起来唯一标识一项变更。有新变更时，游标的位置不变。',
  'Only changes observed at or after this time': '仅观测时间不早于此时刻的变更',
  'Only changes observed at or before this time': '仅观测时间不晚于此时刻的变更',
  'Only changes that add or remove this domain, in any equivalent spelling': '仅添加或移除此域名的变更，等价写法亦可',
  'Only mini programs of this merchant': '仅此商家的小程序',
  'The gauges': '余量数据',
  'The numbers': '统计数据',
  'The first snapshot of a mini program is not a change. A cursor keeps the period of the first page.':
    '小程序的首个快照不算变更。游标保持第一页的时间范围。',
  'Only changes observed at or after this moment; absent: 7 days before `to`':
    '仅观测时间不早于此时刻的变更；不填则为 `to` 之前 7 天',
  'Only changes observed at or before this moment; absent: now': '仅观测时间不晚于此时刻的变更；不填则为当前',
  "Every point counts the same mini programs: those known today. Each counts by its latest observation up to the moment, so that the last point is today's coverage.":
    '每个时间点统计的都是现有的同一批小程序，各以其截至该时刻的最近一次观测为准，因此最后一点即为当前的覆盖情况。',
  'The group that must have it': '应包含该域名的分组',
  'Start; absent: 30 days before `to`': '起点；不填则为 `to` 之前 30 天',
  'End; absent: now': '终点；不填则为当前',
  'Moments at equal distances from `from` to `to`, both included': '从 `from` 到 `to`（含两端）等距的时间点个数',
  'The points': '各时间点',
  'Each of `authorizer_appids` gets an item. A merchant of `merchant_ids` without visible mini programs in that state appears in no item, so check for each of them. Send the same body with every `cursor`. `fetch_stale` also requires the scope `domains:snapshot`; where WeChat does not respond in time, the existing observation is used.':
    '`authorizer_appids` 中的每个账号都有一项结果。`merchant_ids` 中的商家若没有该状态的可见小程序，则不出现在任何结果中，请逐个确认。每次带 `cursor` 的请求须发送相同的请求体。`fetch_stale` 还需要权限 `domains:snapshot`；微信未及时响应时，以已有的观测为准。',
  'Domains that a release needs, and the mini programs to check': '发布所需的域名，以及要检查的小程序',
  'One page of verdicts': '一页结论',
  'Merchant; null while the account is unassigned': '商家；账号未归属则为 null',
  'The worst verdict of its domains: `missing`, then `pending`, `unknown`, `covered`':
    '各域名中最差的结论，依次为 `missing`、`pending`、`unknown`、`covered`',
  'Why the verdict is `unknown`; otherwise null': '结论为 `unknown` 的原因；否则为 null',
  'Latest observation of the mini program': '小程序的最近一次观测',
  'Latest observation (ISO 8601); null if there is none': '最近一次观测时间（ISO 8601）；没有则为 null',
  'The domain as requested': '请求中的域名',
  '`covered`: the domain is in the requested group. `pending`: it is configured in another group, but not effective. `missing`: neither. `unknown`: never observed, or permission set 18 is not granted':
    '`covered`：域名在所查询的分组中。`pending`：已在其他分组中配置，但未生效。`missing`：都没有。`unknown`：从未观测，或未授予权限集 18',
  'One verdict per requested domain': '所请求的每个域名各有一个结论',
  'Whether one mini program is ready': '单个小程序是否满足要求',
  'Mini programs in state `authorized`, or the requested accounts, in a stable order':
    '状态为 `authorized` 的小程序，或所请求的账号，顺序固定',
  'Domains that are new in the list, in normal form': '列表中新增的域名（规范写法）',
  'Domains that are no longer in the list, in normal form': '列表中已移除的域名（规范写法）',
  'Number of mini programs with this change': '发生此变更的小程序数',
  'First observation of this change in the requested period': '所查询时段内首次观测到此变更的时间',
  'Last observation of this change in the requested period': '所查询时段内最后一次观测到此变更的时间',
  'Up to 5 of the mini programs, the latest first': '其中至多 5 个小程序，最近的在前',
  'The same change of one list, observed of one or more mini programs':
    '在一个或多个小程序中观测到的同一列表的相同变更',
  'Groups, the latest observed first': '变更分组，最近观测的在前',
  'Mini programs in a stable order': '小程序，顺序固定',
  'Coverage of a domain: total counts and one page of mini programs': '域名的覆盖情况：总计数与一页小程序',
  'Verdict on one domain for one mini program': '单个小程序对一个域名的结论',
  'Domains that must be effective': '必须生效的域名',
  'Only mini programs of these merchants': '仅这些商家的小程序',
  'Only these accounts. Each gets an item: `unknown` if it is not a mini program in state `authorized` that the key may see':
    '仅这些账号。每个账号都有一项结果：不是密钥可见且状态为 `authorized` 的小程序，则为 `unknown`',
  'Maximum age of an observation; older ones count as `unknown`. An ISO 8601 duration such as PT24H, or whole seconds':
    '观测的最长有效时间，更早的视为 `unknown`。ISO 8601 时长（如 PT24H），或整数秒',
  'Take snapshots of the mini programs on this page whose latest observation is too old':
    '对本页中最近一次观测过旧的小程序立即获取快照',
  'Domains in normal form': '域名（规范写法）',
  'Configured but not effective': '已配置但未生效',
  'Effective but not configured': '已生效但未配置',
  'First observation of the current drift; its domains may have changed since then':
    '首次观测到当前偏差的时间；其中的域名此后可能有变化',
  'A mini program whose configured and effective domains differ': '配置域名与生效域名不一致的小程序',
  'Mini programs with drift, in a stable order': '存在偏差的小程序，顺序固定',
  'Entries in the list': '列表中的条数',
  "WeChat's limit": '微信的上限',
  'Mini programs with the most entries in a list, with that list': '列表条数最多的小程序及其列表',
  'Domain in normal form': '域名（规范写法）',
  'Distinct principals with the domain in `direct_domain`': '在 `direct_domain` 中配置该域名的不同主体数',
  'The oldest observation used for the count': '统计所依据的最早一次观测',
  'Domains in `direct_domain`, most widely used first': '`direct_domain` 中的域名，使用最多的在前',
  'Edits observed this month': '本月观测到的修改次数',
  'Edits between two observations count as one; an edit observed this month that may have happened before is not counted':
    '两次观测之间的多次修改只计一次；本月观测到、但可能发生在此前的修改不计入',
  'Start of the month in Beijing': '本月的开始（北京时间）',
  'Mini programs with the most observed edits of `third_domain` or `direct_domain` this month':
    '本月 `third_domain` 或 `direct_domain` 观测到修改次数最多的小程序',
  'Mini programs where it is effective and not in `direct_domain`': '该域名已生效且不在 `direct_domain` 中的小程序数',
  'Always null: there is no limit': '始终为 null：没有上限',
  "Latest fetch of the platform's own list": '最近一次获取平台自身域名列表的时间',
  "Effective domains that are not in the platform's own published list: a release removes them, except where they are in `direct_domain`. null: unknown, because that list was never fetched or is not visible to the key":
    '不在平台已发布的服务器域名列表中的生效域名：发布代码会移除它们，在 `direct_domain` 中的除外。null 表示未知：从未获取过该列表，或密钥不可见',
  "How close the fleet is to WeChat's limits: the 50 closest of each kind":
    '全部小程序距微信各项上限的余量：每类列出最接近上限的 50 项',
  'The domain in normal form, with the scheme of the list where none was given':
    '域名（规范写法）；未带协议时补上该列表的协议',
  'The moment': '时刻',
  'Mini programs that had the domain in the group by their latest observation up to the moment':
    '截至该时刻的最近一次观测中，该分组含有此域名的小程序数',
  'Mini programs that had been observed up to the moment and did not have it':
    '截至该时刻已观测过、且没有此域名的小程序数',
  'Oldest first': '最早的在前',
  "How many of today's mini programs had a domain, over time": '现有小程序中拥有某域名的数量随时间的变化',
  'Snapshot that starts with the change': '变更后的首个快照',
  'First observation after the change': '变更后的首次观测',
  'Added domains in normal form': '新增的域名（规范写法）',
  'Removed domains in normal form': '移除的域名（规范写法）',
  'A change of one list of one mini program': '单个小程序的一个列表的变更',
  'Changes, newest first': '变更，最新的在前',
  'When this was counted': '统计时间',
  'Mini programs in state `authorized`': '状态为 `authorized` 的小程序数',
  'Those of them that grant permission set 18': '其中授予了权限集 18 的小程序数',
  'Readable ones whose latest observation is younger than `fresh_seconds`':
    '可读取、且最近一次观测在 `fresh_seconds` 之内的小程序数',
  'Authorized ones that were never observed or do not grant permission set 18':
    '已授权，但从未观测或未授予权限集 18 的小程序数',
  'Readable ones where reading has failed since their latest observation':
    '可读取、但最近一次观测之后读取失败的小程序数',
  'The fleet in numbers': '全部小程序的统计',
  'Age in seconds up to which an observation counts as fresh': '观测在多少秒之内视为新鲜',
  'Its latest observation': '其最近一次观测',
  'The readable mini program whose latest observation is the oldest; null when none was observed':
    '可读取的小程序中最近一次观测最早的一个；都没有观测则为 null',
  'A day in Beijing time': '日期（北京时间）',
  'Snapshots that differ from the one before them; first observations are no changes':
    '与上一个快照不同的快照数；首个快照不算变更',
  'The last 30 days including today, oldest first; days without a change are there with 0':
    '最近 30 天（含今天），最早的在前；没有变更的日期为 0',
  'A platform in numbers': '平台的统计',
};
