import type { Texts } from './texts.ts';

/** Relays of pushes and messages. */
export const relayTexts: Texts = {
  'Settings of the relay': '转发规则的设置',
  "At most one relay replies to a message: the first by name that matches, in mode `reply` or `raw`. All matching relays in mode `notify` get it too. The hub itself answers the messages of WeChat's publication check.":
    '一条消息至多由一条转发规则回复：在匹配且方式为 `reply` 或 `raw` 的规则中，按名称取第一条。方式为 `notify` 的匹配规则也都会收到。微信全网发布检测的消息由 hub 自行应答。',
  'Name of the relay': '转发规则的名称',
  'Backend (https). Private networks need WEBHOOK_NETWORKS': '后端 URL（https）。内网地址须在 WEBHOOK_NETWORKS 中放行',
  '`messages`: what arrives at the messages URL. `events`: what arrives at the events URL':
    '`messages`：消息与事件接收 URL 收到的内容。`events`：授权事件接收 URL 收到的内容',
  'Only messages of these types (MsgType)': '仅这些类型的消息（MsgType）',
  'A MsgType': '消息类型（MsgType）',
  'Only events of these names (Event)': '仅这些名称的事件（Event）',
  'An Event': '事件名称（Event）',
  'Only pushes of these types (InfoType)': '仅这些类型的推送（InfoType）',
  'An InfoType': '推送类型（InfoType）',
  'Only for these accounts': '仅这些账号',
  'What is passed on; absent: everything of the source': '要转发的内容；不填则为该来源的全部',
  '`notify`: WeChat gets `success` at once, the backend gets the message soon. `reply`: the backend answers WeChat. `raw`: query and encrypted body are passed on as they came, and so is the answer':
    '`notify`：立即向微信返回 `success`，随后投递给后端。`reply`：由后端回复微信。`raw`：原样转发参数与密文，响应也原样返回',
  'Time limit of the backend in milliseconds. WeChat asks three times and waits 5 seconds each time':
    '后端的最长处理时间（毫秒）。微信共请求三次，每次等待 5 秒',
  'Whether the relay is enabled': '是否启用转发',
  'The relay': '转发规则',
  'The relays': '转发规则列表',
  "Sends the event `debug_demo` of WeChat's documentation of message pushes. Not for mode `raw`, whose backend verifies WeChat's signature.":
    '发送微信消息推送文档中的事件 `debug_demo`。不适用于 `raw` 方式，其后端会校验微信签名。',
  Backend: '后端 URL',
  'Messages that have not been delivered yet': '尚未投递的消息数',
  'A backend that pushes and messages are passed on to': '接收推送与消息的后端',
  'Relays by name; the first that matches replies': '转发规则，按名称排序；由第一条匹配的规则回复',
  'Whether the backend accepted it': '后端是否接受',
  'What WeChat would get, before encryption; empty: nothing; null: the answer cannot be used':
    '将返回给微信的内容（加密前）；空表示不回复，null 表示后端的响应无法使用',
  'The signing secret. Shown once, when the relay is created': '签名密钥。仅在创建转发规则时显示一次',
  'A relay, with its secret when it is new': '转发规则；新建时含签名密钥',
};
