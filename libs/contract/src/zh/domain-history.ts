import type { Texts } from './texts.ts';

/** Domains of one mini program: snapshots, lifespans, observations, sweeps. */
export const domainHistoryTexts: Texts = {
  'A domain as WeChat writes it or in any equivalent spelling; the host alone is sufficient':
    '域名，按微信的写法或任何等价写法；可只写主机名',
  'Purpose of the domains': '域名列表，即域名的用途',
  '`mp_domain` set in the mini program console, `third_domain` by the platform, `direct_domain` directly, `effective_domain` what WeChat enforces':
    '`mp_domain`：小程序后台配置；`third_domain`：第三方平台配置；`direct_domain`：快速配置；`effective_domain`：最终生效',
  'Domains added to the list': '列表中新增的域名',
  'Domains removed from the list': '列表中移除的域名',
  'The changes of one list': '一个列表的变化',
  'Later point in time': '较晚的时刻',
  'Differences; empty if there are none': '差异；没有差异则为空',
  'Differences between two points in time': '两个时刻之间的差异',
  'Domain as WeChat sent it': '域名，与微信返回的一致',
  'Domains by group and list. Groups and lists that WeChat did not send are absent; empty lists are empty':
    '按分组与列表列出的域名。微信没有返回的分组与列表不出现；返回为空的列表为空',
  'The requested moment': '所查询的时刻',
  '`observed`: the same before and after the moment. `latest`: the moment is after the latest observation, and no read has failed in between. `between_observations`: the domains may have changed around the moment. `unknown`: nothing is known about the moment, see `reason`':
    '`observed`：该时刻前后的观测一致。`latest`：该时刻在最近一次观测之后，其间没有读取失败。`between_observations`：该时刻前后域名可能有变化。`unknown`：该时刻的域名未知，见 `reason`',
  'Why the certainty is `unknown`; otherwise null': '确定度为 `unknown` 的原因；否则为 null',
  'Latest observation not after the moment': '不晚于该时刻的最近一次观测',
  'First observation after the moment': '该时刻之后的首次观测',
  'The domains of the latest observation before the moment; null if there is none':
    '该时刻之前最近一次观测的域名；没有观测则为 null',
  'Lists that WeChat sent as null or in a form that cannot be read: they are absent from `domains`, which does not mean that they are empty or were removed':
    '微信返回 null 或无法解析的列表：不出现在 `domains` 中，不表示列表为空或已被移除',
  'The domains of a mini program at one moment': '小程序在某一时刻的域名',
  'First observation with it': '首次观测到它的时间',
  'First observation without it': '首次观测到它已不在的时间',
  'Whether the latest observation has it': '最近一次观测中是否仍有',
  'A period in which a domain was in a list': '域名在列表中的一段存续期',
  'Lifespans by group, list, domain and time': '存续期，按分组、列表、域名、时间排序',
  'The snapshot that was observed': '观测所得的快照',
  'First observation of this content': '首次观测到此内容的时间',
  'Last observation of this content so far': '目前为止最后一次观测到此内容的时间',
  'How often it was observed without change': '内容未变化的观测次数',
  'The observation before the gap': '空档之前的观测时间',
  'The observation after the gap': '空档之后的观测时间',
  'Why nothing is known about this time': '这段时间未知的原因',
  'Times between two equal observations in which it may have been different':
    '两次相同观测之间、域名可能有过变化的时段',
  'When one content of a mini program was observed': '小程序某一内容的观测时间',
  'Why nothing is known now; null if the latest observation is still valid':
    '当前状态未知的原因；最近一次观测仍有效则为 null',
  'When a mini program was observed: what a timeline is drawn from': '小程序的观测时间，用于绘制时间线',
  'First observation of these domains': '首次观测到这些域名的时间',
  'Latest observation of these domains': '最近一次观测到这些域名的时间',
  'Differences from the previous snapshot; everything for the first one': '与上一个快照的差异；首个快照则列出全部',
  'The domains of a mini program over a period without change': '小程序在一段未变化的时间内的域名',
  'State of the sweep': '巡检的状态',
  'Total mini programs; an estimate while the sweep runs': '小程序总数；进行中为估计值',
  'Mini programs with a new snapshot': '产生新快照的小程序数',
  'Mini programs without change': '没有变化的小程序数',
  'Why it failed. `overtaken`: not finished when its mini programs were due again, by the next round. `clock_was_wrong`: the clock of the database was ahead when the round was opened. Null unless failed':
    '失败原因。`overtaken`：下一轮巡检到期时仍未完成，由下一轮接续。`clock_was_wrong`：本轮开始时数据库时钟偏快。仅在失败时有值',
  'Skipped, because permission set 18 is not granted': '因未授予权限集 18 而跳过的小程序数',
  'One pass over the mini programs of a platform': '对平台下小程序的一轮巡检',
  'Sweeps, newest first': '巡检，最新的在前',
  '`never_observed`: no observation until then. `permission_set_missing`: permission set 18 is not granted. `unauthorized` and `reauthorization_required`: the authorization has ended or its token is lost. `unreadable`: WeChat answered in a form that cannot be read. `failing`: calls fail. `clock_was_wrong`: the observations since had a wrong time. `evidence_too_old`: the latest observation is older than the `max_age` of the query':
    '`never_observed`：此前从未观测。`permission_set_missing`：未授予权限集 18。`unauthorized` 与 `reauthorization_required`：已取消授权，或刷新令牌已失效。`unreadable`：微信的返回无法解析。`failing`：调用持续失败。`clock_was_wrong`：其后的观测时间有误。`evidence_too_old`：最近一次观测早于查询的 `max_age`',
  'Since when; null when that is not known': '起始时间；未知则为 null',
  'Why nothing is known': '未知的原因',
};
