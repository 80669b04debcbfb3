import type { Texts } from './texts.ts';

/** Platforms, merchants, authorization links, checks of the connection, and their removal. */
export const platformTexts: Texts = {
  "Enter the returned `events_url` and `messages_url` on the platform's settings page at WeChat; the first ticket arrives within ten minutes.":
    '将返回的 `events_url` 与 `messages_url` 填入微信开放平台的「开发资料」；首个票据在十分钟内到达。',
  'A third-party platform to register': '要注册的第三方平台',
  'The platform': '第三方平台',
  'Fields to change. After a change of token or key, the previous pair stays valid for incoming pushes for 24 hours':
    '要修改的字段。更换消息校验 Token 或消息加解密 Key 后，旧的一组在 24 小时内仍可用于接收推送',
  'From then on no call, push, key or user of the platform is accepted, and its component token is deleted. A background job then removes tokens, accounts, histories, events and everything else. Audit events are kept as long as those of other platforms. `confirm` repeats the component_appid. It cannot be undone.':
    '此后平台的调用、推送、密钥与用户一律被拒绝，其 component_access_token 被删除。令牌、账号、历史、事件等其余数据由后台任务陆续删除；审计记录的保留时间与其他平台相同。`confirm` 须重复填写 component_appid。不可恢复。',
  'What to remove': '要删除的内容',
  'A dry run: what would be removed': '试运行：将被删除的数据',
  'The removal has begun': '删除已开始',
  'Id of the removal': '删除任务的 id',
  'The removal': '删除任务',
  'A merchant of the platform': '平台下的商家',
  'A merchant with this id and this name already exists': '已有编号与名称相同的商家',
  'The merchant': '商家',
  'The new name of the merchant': '商家的新名称',
  'Its authorization links are deleted; its accounts stay with the platform, assigned to no merchant. `confirm` repeats the merchant_id. Not for API keys that are limited to merchants.':
    '商家的授权链接会被删除；其账号仍保留在平台中，不再归属任何商家。`confirm` 须重复填写 merchant_id。限定商家的 API 密钥不可调用。',
  'Confirms the removal of a merchant': '确认删除商家',
  'The merchant is removed': '商家已删除',
  "The URL is a page of the hub that works for days. When a merchant opens it, the hub asks WeChat for a pre-auth code and leads to WeChat's authorization page, from the domain that WeChat requires.":
    '返回的 URL 是 hub 的页面，数天内有效。商家打开后，hub 向微信获取预授权码，并从微信要求的「授权发起页域名」转到微信授权页。',
  'A link for a merchant to authorize the platform': '供商家授权平台的链接',
  'The link': '授权链接',
  'Only links of this merchant': '仅此商家的链接',
  'Only links in this state': '仅此状态的链接',
  'It can no longer be opened. Authorizations made with it stay. Repeating it changes nothing.':
    '作废后无法再打开，已完成的授权不受影响。重复作废没有效果。',
  'The revoked link': '已作废的链接',
  'Id of the link; also the last part of its URL': '链接的 id，也是其 URL 的最后一段',
  'A page of the hub: send it to the merchant, or show it as a QR code': 'hub 的页面：可发给商家，或生成二维码展示',
  '`open`; `used`: an account was authorized with it (it can be opened again until it expires); `expired`; `revoked`':
    '`open`：可用；`used`：已有账号通过它授权（到期前仍可打开）；`expired`：已过期；`revoked`：已作废',
  "WeChat's page that the merchant is sent to first": '商家首先进入的微信页面',
  'Which accounts are offered, as in the request': '可选择的账号类型，与请求一致',
  'The account that the link is limited to, or the one that used it; null: neither':
    '链接限定的账号，或已通过它授权的账号；都没有则为 null',
  'Permission sets that are asked for; null: what the platform has published':
    '申请的权限集；null 表示平台已发布的全部权限集',
  'Where the merchant is sent after authorizing; null: a page of the hub': '授权后跳转的地址；null 表示 hub 的页面',
  'When the link expires': '链接的失效时间',
  'When it was revoked': '作废时间',
  'When an account was first authorized with it': '首次有账号通过它授权的时间',
  'How often the page was opened': '页面打开次数',
  'When the page was last opened': '页面最近一次打开时间',
  "When the newest pre-auth code expires; WeChat's page does not work after this":
    '最新预授权码的失效时间，此后微信授权页不可用',
  'When the newest pre-auth code expires; null until the page is opened':
    '最新预授权码的失效时间；页面未打开过则为 null',
  'Links, newest first': '授权链接，最新的在前',
  'Display name of the merchant': '商家名称',
  'When the merchant was created': '商家的创建时间',
  'When the merchant was last changed': '商家的最近修改时间',
  'Merchants by merchant_id': '商家，按 merchant_id 排序',
  'Repeat the merchant_id': '重复填写 merchant_id',
  '`pc`: page with a QR code. `mobile`: page for the browser inside WeChat':
    '`pc`：扫码授权页。`mobile`：微信内打开的授权页',
  'Kinds of accounts to offer: 1 official accounts, 2 mini programs, 3 both, 4 mini program promoter, 5 channels, 6 all, 8 sales assistants':
    '可选择的账号类型：1 公众号，2 小程序，3 公众号与小程序，4 小程序推客账号，5 视频号账号，6 全部，8 带货助手账号',
  'Limits the page to this account; overrides auth_type': '仅限此账号授权；优先于 auth_type',
  'Permission sets to request; absent: those the platform has published':
    '申请的权限集；不填则为平台已发布的全部权限集',
  'Where the merchant is sent after authorizing; absent: a page of the hub': '授权后跳转的地址；不填则为 hub 的页面',
  'How long the link can be opened: an ISO 8601 duration from PT5M to P90D; absent: P7D':
    '链接有效期，ISO 8601 时长，PT5M 至 P90D；不填则为 P7D',
  "component_appsecret from the platform's settings page at WeChat. Never returned":
    '微信开放平台「开发资料」中的 component_appsecret。不会返回',
  'Token that signs pushes (消息校验Token). Never returned': '推送签名所用的消息校验 Token。不会返回',
  'EncodingAESKey (消息加解密Key). Never returned': '消息加解密 Key（EncodingAESKey）。不会返回',
  'Display name': '名称',
  "授权事件接收URL; enter it on the platform's settings page at WeChat":
    '授权事件接收 URL，填入微信开放平台的「开发资料」',
  '消息与事件接收URL; WeChat replaces `$APPID$`': '消息与事件接收 URL；`$APPID$` 由微信替换',
  'Where WeChat redirects the merchant after authorizing': '授权完成后微信跳回的地址',
  'When the latest ticket was received': '最近一次收到票据的时间',
  'When the current component_access_token expires': '当前 component_access_token 的失效时间',
  "`awaiting_ticket`: no ticket received yet. `ready`. `ticket_stale`: ticket pushes have stopped. `misconfigured`: WeChat rejects the platform's secret or IP address":
    '`awaiting_ticket`：尚未收到过票据。`ready`：运行正常。`ticket_stale`：票据推送已中断。`misconfigured`：微信拒绝了平台的 AppSecret 或出口 IP',
  'When it was registered': '注册时间',
  'When the previous pair of token and EncodingAESKey becomes invalid':
    '旧的消息校验 Token 与消息加解密 Key 的失效时间',
  'Pushes decrypted with it since the replacement': '更换后仍用它解密的推送数',
  'When it last decrypted a push': '最近一次用它解密推送的时间',
  'The previous pair of token and EncodingAESKey, while it is still accepted; null: none':
    '仍可用于接收推送的旧消息校验 Token 与消息加解密 Key；没有则为 null',
  'A third-party platform': '第三方平台',
  'Name of the check': '检查项',
  '`unknown`: there is no evidence yet. `skipped`: a check that it depends on has failed, or there is nothing to look at':
    '`unknown`：暂无依据。`skipped`：所依赖的检查未通过，或没有可检查的内容',
  'First run with this status': '首次得到此状态的时间',
  'What was found, as a stable name; null: nothing to do': '检查发现的问题，以固定名称表示；null 表示无需处理',
  'Name of the check in Chinese': '检查项的中文名称',
  'What was seen': '检查依据',
  'What to do; null: nothing': '处理办法；null 表示无需处理',
  'What to do, in Chinese; null: nothing': '处理办法（中文）；null 表示无需处理',
  'Section of the documentation': '文档的章节',
  'One check of the connection between a platform and WeChat': '平台与微信之间连接的一项检查',
  'Latest run; null: the checks were never run': '最近一次检查时间；从未检查过则为 null',
  'The check to begin with; null: none has failed': '应首先处理的检查项；没有未通过的则为 null',
  'All checks, in the order in which to read them': '全部检查项，按建议的查看顺序',
  'The checks of a platform': '平台的连接检查',
  'Platforms, oldest first': '平台，最早的在前',
  'true: the previous pair of token and EncodingAESKey becomes invalid at once instead of after 24 hours':
    'true：旧的消息校验 Token 与消息加解密 Key 立即失效，而不是保留 24 小时',
  'An interrupted removal resumes by itself': '任务中断后会自动继续',
  'Rows when it began': '开始时的行数',
  'Rows removed so far; more than total if some were written in the meantime':
    '已删除的行数；期间有新写入时会大于 total',
  'The table that is being emptied': '正在清空的数据表',
  'The removal of a platform': '平台的删除任务',
  'What would be removed': '将被删除的数据',
  'The component_appid again; not needed for a dry run': '重复填写 component_appid；试运行可不填',
  'Only count what would be removed': '只统计将被删除的数据',
  'Accounts that were assigned to it, and now to nobody': '原先归属该商家、现已无归属的账号',
  'What the removal of a merchant changed': '删除商家造成的变化',
};
