import type { Texts } from './texts.ts';

/** Authorizers, their grants, tokens and erasure; reconciliation. */
export const authorizerTexts: Texts = {
  'What to erase of an account': '要清除的账号数据',
  'The account': '账号',
  'Whether the history of its domains and grants was kept': '是否保留了域名与授权历史',
  'Number of rows by table; tables without any are absent': '各数据表的行数；没有数据的表不列出',
  'What was erased of an account': '已清除的账号数据',
  'The authorizer_appid again': '重复填写 authorizer_appid',
  'true: the history of its domains and grants is kept under its appid; false: nothing is kept':
    'true：保留该 AppID 的域名与授权历史；false：全部清除',
  'Only this state': '仅此状态',
  'Only of this merchant': '仅此商家的账号',
  'Only those that granted this permission set': '仅已授予此权限集的账号',
  'Only those that did not grant this permission set': '仅未授予此权限集的账号',
  'Search text: part of appid, nick name or principal name, case-insensitive':
    '搜索文本：AppID、名称或主体名称的一部分，不区分大小写',
  'Only these, separated by commas, 100 at most; not together with `q`':
    '仅这些账号，以逗号分隔，最多 100 个；不能与 `q` 同时使用',
  'The authorizer': '授权方',
  'Assigns the authorizer to a merchant': '将授权方归属到商家',
  'Shows for example since when permission set 18 is missing.': '例如可查出从何时起缺少权限集 18。',
  'Deletes names, tokens, pushes, events and messages of the account. With `keep_history` its appid and the history of its domains and grants stay. Only for accounts in state `unauthorized`. It cannot be undone. Not for API keys that are limited to merchants.':
    '删除该账号的名称、令牌、推送、事件与消息。`keep_history` 为 true 时保留其 AppID 以及域名与授权历史。仅适用于状态为 `unauthorized` 的账号。不可恢复。限定商家的 API 密钥不可调用。',
  'Never returns an expired token. All callers get the same token; it is refreshed before it expires. `rejected_access_token` forces one refresh if that token is still the current one.':
    '返回的 token 保证未过期。所有调用方得到同一个 token，hub 会在过期前刷新。`rejected_access_token` 若仍是当前 token，则强制刷新一次。',
  'Optional; may be empty': '可选，可为空',
  'The token': '有效的 access token',
  'Repairs differences; never deletes. If one is running, its id is returned and the options of this request apply to it.':
    '修复差异，不删除任何数据。已有对账在进行时返回其 id，并对其应用本次请求的选项。',
  'Options of the reconciliation': '对账的选项',
  'The reconciliation': '对账',
  'Only snapshots last observed at or after this time': '仅最后观测时间不早于此时刻的快照',
  'Only snapshots first observed before this time': '仅首次观测时间早于此时刻的快照',
  'The snapshot': '快照',
  "WeChat's reply, byte for byte": '微信的原始返回，逐字节一致',
  'JSON as WeChat sent it': '微信返回的原始 JSON',
  'The domains and their certainty': '域名及其确定度',
  'Later point in time; absent: now': '较晚的时刻；不填则为当前',
  'The difference': '差异',
  'Only this domain, in any equivalent spelling': '仅此域名，等价写法亦可',
  'The times of the snapshots without their domains.': '各快照的时间，不含域名。',
  'Only snapshots last observed at or after this moment': '仅最后观测时间不早于此时刻的快照',
  'Only snapshots first observed at or before this moment': '仅首次观测时间不晚于此时刻的快照',
  'If a sweep that was started by request is running, its id is returned.': '已有手动发起的巡检在进行时，返回其 id。',
  'The sweep': '巡检',
  'authorizer_access_token; keep it in memory only': 'authorizer_access_token；请只保存在内存中',
  'When it expires': '失效时间',
  'Seconds until it expires': '距失效的秒数',
  'A valid access token of the merchant': '商家账号的有效 access token',
  'A token that WeChat rejected (40001, 42001): forces one refresh if it is still the current one':
    '被微信拒绝（40001、42001）的 token：若它仍是当前 token，则强制刷新一次',
  'Merchant that it is assigned to; null while unassigned': '所归属的商家；未归属则为 null',
  'Kind of account': '账号类型',
  'Kind of account; null until WeChat has reported it': '账号类型；微信尚未返回则为 null',
  'Account name; null while unknown': '账号名称；未知则为 null',
  'Legal owner of the account; null while unknown': '账号主体名称；未知则为 null',
  '`unauthorized`: the merchant withdrew the authorization. `reauthorization_required`: WeChat rejects every known refresh token, so the merchant must authorize again':
    '`unauthorized`：商家已取消授权。`reauthorization_required`：微信已不接受任何已知的刷新令牌，需商家重新授权',
  'Granted permission sets (权限集), ascending': '已授予的权限集，升序',
  'Whether its domains can be read now: state `authorized`, and permission set 18 is granted':
    '当前能否读取其域名：状态为 `authorized`，且已授予权限集 18',
  'Latest authorization': '最近一次授权时间',
  'Latest withdrawal': '最近一次取消授权时间',
  'When the current access token expires': '当前 access token 的失效时间',
  'Latest successful snapshot of its domains': '最近一次成功获取域名快照的时间',
  'Next scheduled snapshot; null if none is scheduled': '下次计划快照时间；没有计划则为 null',
  'An account (mini program or official account) that has authorized the platform':
    '已授权平台的账号（小程序或公众号）',
  'Authorizers, oldest first': '授权方，最早的在前',
  'Merchant to assign it to; null unassigns it': '要归属的商家；null 表示取消归属',
  'From when on': '起始时间',
  'Permission sets (权限集) that were granted then, as last known, ascending':
    '当时已授予的权限集（以最后所知为准），升序',
  'Permission sets that were not granted before': '新增的权限集',
  'Permission sets that were granted before': '失去的权限集',
  'Whether its domains could be read: authorized, with permission set 18': '当时能否读取其域名：已授权，且有权限集 18',
  'What an account had granted from a moment on': '账号自某一时刻起的授权内容',
  'Grants, newest first': '授权历史，最新的在前',
  'Accept a list that is much shorter than before or names other accounts, which would otherwise stop the run. Each account that is not listed is still checked individually before it is marked; an empty list always stops the run':
    '接受比之前短得多或列出其他账号的列表，否则对账会停止。不在列表中的账号仍会逐个向微信确认后再标记；空列表始终会使对账停止',
  'Id of this reconciliation': '本次对账的 id',
  "`stopped`: WeChat's list was implausible and nothing was marked; see reason":
    '`stopped`：微信的列表异常，未标记任何账号，见 reason',
  'Why it stopped or failed': '停止或失败的原因',
  "Authorizers in WeChat's list; null before its first page": '微信列表中的授权方数；读到第一页之前为 null',
  'Authorizers compared so far': '已比对的授权方数',
  'Previously unknown authorizers': '新发现的授权方数',
  'Authorizers whose state or refresh token was repaired': '状态或刷新令牌得到修复的授权方数',
  'Authorizers without differences': '没有差异的授权方数',
  'No longer listed, confirmed with WeChat, and marked unauthorized':
    '已不在列表中、经微信确认并标记为取消授权的账号数',
  'Listed without a refresh token': '列表中缺少刷新令牌的账号数',
  'Authorizers that could not be repaired': '无法修复的授权方数',
  "A comparison with WeChat's authorizer list": '与微信授权方列表的一次对账',
  'Id to query the progress': '用于查询进度的 id',
  'Background work that was started or already running': '已开始或已在进行的后台任务',
};
