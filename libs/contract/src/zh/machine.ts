import type { Texts } from './texts.ts';

/** Callbacks of WeChat, the page of an authorization link, health, metrics and the document itself. */
export const machineTexts: Texts = {
  "Returns `echostr` if WeChat's signature is valid.": '微信签名有效则返回 `echostr`。',
  'Unix seconds, part of the signature': 'Unix 时间戳（秒），参与签名',
  'Part of the signature': '随机数，参与签名',
  'Signature over token, timestamp and nonce': '对 token、timestamp、nonce 的签名',
  'Signature over token, timestamp, nonce and `echostr`': '对 token、timestamp、nonce 与 `echostr` 的签名',
  'The text to answer with': '需原样返回的文本',
  'The `echostr`': '`echostr` 的值',
  "Authenticated by WeChat's signature. Answered once the event is stored durably.":
    '以微信签名认证。事件持久保存后才应答。',
  'Signature over token, timestamp, nonce and ciphertext': '对 token、timestamp、nonce 与密文的签名',
  'Always `aes`': '固定为 `aes`',
  Ignored: '不使用',
  'XML envelope, with any media type': 'XML 消息，媒体类型不限',
  'The text `success`': '文本 `success`',
  "Authenticated by WeChat's signature.": '以微信签名认证。',
  'The text `success`, or an encrypted reply in XML': '文本 `success`，或加密的 XML 被动回复',
  "Shows what the merchant is asked for and leads to WeChat's authorization page, which opens only from this page.":
    '说明所申请的授权，并转到微信授权页；微信授权页只能从本页面打开。',
  'An HTML page': 'HTML 页面',
  'A page that says what is wrong': '说明错误原因的页面',
  'A page that says that there is no such link': '提示链接不存在的页面',
  'A page that says that the link has expired or was revoked': '提示链接已过期或已作废的页面',
  'A page that asks to try again later': '提示稍后重试的页面',
  'The authorization code': '授权码',
  'Lifetime of the code in seconds': '授权码的有效秒数',
  'State of the authorization link': '授权链接的 state',
  'Redirect to the `return_url` of the link': '跳转到链接的 `return_url`',
  'The `return_url`': '链接的 `return_url`',
  'An HTML page with the error (a problem document with `Accept: application/json`)':
    '显示错误的 HTML 页面（带 `Accept: application/json` 则返回错误响应）',
  'The process runs': '进程在运行',
  'The process can serve requests': '进程可以处理请求',
  'The process cannot serve requests; see `reason`': '进程无法处理请求，见 `reason`',
  'Contains no merchant names and no secrets. Do not expose it to the internet.':
    '不含商家名称与机密。请勿暴露到公网。',
  Metrics: '指标',
  'OpenAPI 3.1': 'OpenAPI 3.1 文档',
  'An OpenAPI 3.1 document': '一份 OpenAPI 3.1 文档',
  '`ok` or `unavailable`': '`ok` 或 `unavailable`',
  'Why the process cannot serve requests': '进程无法处理请求的原因',
  'Only while the clocks of the hub, the database and WeChat differ by more than ten seconds':
    '仅当 hub、数据库与微信的时钟相差超过十秒时才有',
  'Which clock is wrong, judged from all three': '哪个时钟有误，由三者比较得出',
  "How far the database's clock is ahead of the hub's; negative: behind": '数据库时钟比 hub 快的秒数；负数表示慢',
  "How far WeChat's clock is ahead of the hub's; null: no reply in the last 15 minutes":
    '微信时钟比 hub 快的秒数；最近 15 分钟没有微信响应则为 null',
  'Health of the process': '进程的健康状态',
};
