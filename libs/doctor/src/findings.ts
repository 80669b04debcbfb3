import type { CheckId } from '#libs/contract';

interface Texts {
  en: string;
  zh: string;
}

/** Names of the checks. */
export const TITLES: Readonly<Record<CheckId, Texts>> = {
  clocks: { en: 'Clocks', zh: '时钟' },
  master_keys: { en: 'Master keys', zh: '主密钥' },
  public_url: { en: 'PUBLIC_URL', zh: '公网地址 PUBLIC_URL' },
  name_and_certificate: { en: 'Host name and certificate', zh: '域名解析与证书' },
  test_push: { en: 'Test push to the own callback URL', zh: '向自身回调地址发送测试推送' },
  push_secrets: { en: 'Push token and EncodingAESKey', zh: '消息校验 Token 与加解密 Key' },
  arrivals: { en: 'Pushes arrive', zh: '推送接收' },
  answer_times: { en: 'Pushes are answered in time', zh: '推送响应时间' },
  ticket: { en: 'component_verify_ticket', zh: 'component_verify_ticket' },
  component_token: { en: 'component_access_token', zh: 'component_access_token' },
  egress_address: { en: 'Outgoing address on the IP whitelist', zh: '出口 IP 与白名单' },
  published: { en: 'Platform is published', zh: '全网发布' },
  redirect_host: { en: 'Merchants come back', zh: '授权发起页域名' },
  permission_set_18: { en: 'Permission set 18', zh: '权限集 18' },
  reconciliation: { en: 'Comparison with the list of WeChat', zh: '授权列表对账' },
  messages_url: { en: 'Messages URL', zh: '消息与事件接收 URL' },
  platform_domains: { en: "Platform's list of server domains", zh: '第三方平台服务器域名' },
  confirm_files: { en: 'Files of business domains', zh: '业务域名校验文件' },
  wechat_addresses: { en: 'Hosts and addresses of the WeChat API', zh: '微信接口域名与 IP' },
  feed: { en: 'Event feed', zh: '事件流' },
  webhooks_and_relays: { en: 'Webhooks and relays', zh: 'Webhook 与消息转发' },
};

/** What to do about a finding. */
export const NEXT_STEPS = {
  clock_wrong: {
    en: 'Set the clock that is named by a time service (NTP): tokens would be used after their end, and pushes look old or early.',
    zh: '请为所指出的时钟启用时间同步（NTP）：否则令牌会在失效后仍被使用，推送的时间也会被误判。',
  },
  secret_not_openable: {
    en: 'Put the key that is named back into MASTER_KEYS, or enter the secrets of the platform again.',
    zh: '请将所指出的密钥放回 MASTER_KEYS，或重新填写该平台的密钥信息。',
  },
  not_https: {
    en: 'Set PUBLIC_URL to https on port 443 or http on port 80: WeChat calls no other port.',
    zh: '请将 PUBLIC_URL 设为 https（443 端口）或 http（80 端口）：微信不会访问其他端口。',
  },
  private_host: {
    en: 'Set PUBLIC_URL to a name that is reachable from the internet.',
    zh: '请将 PUBLIC_URL 设为公网可访问的域名。',
  },
  name_unknown: { en: 'Create a DNS record for the host of PUBLIC_URL.', zh: '请为 PUBLIC_URL 的域名添加 DNS 解析。' },
  name_private: {
    en: 'Point the DNS record of the host to a public address.',
    zh: '请将该域名解析到公网 IP。',
  },
  not_reachable: {
    en: 'Start the proxy in front of the hub, or open its port.',
    zh: '请启动 hub 前的反向代理，或开放相应端口。',
  },
  certificate_refused: {
    en: 'Install a valid certificate with its whole chain for this host.',
    zh: '请为该域名安装有效证书，并包含完整证书链。',
  },
  certificate_expires: { en: 'Renew the certificate.', zh: '请更新证书。' },
  push_redirected: {
    en: 'Let the proxy pass POST /wechat/ on instead of redirecting it: WeChat follows no redirect.',
    zh: '请让反向代理直接转发 POST /wechat/，不要重定向：微信不会跟随重定向。',
  },
  push_body_lost: {
    en: 'Let the proxy pass the body and the query of POST /wechat/ on without a change.',
    zh: '请让反向代理原样转发 POST /wechat/ 的请求体和查询参数。',
  },
  push_not_routed: {
    en: 'Let the proxy pass the path /wechat/ on to the hub, with all methods.',
    zh: '请让反向代理将 /wechat/ 路径（所有方法）转发到 hub。',
  },
  push_timed_out: {
    en: 'Find out what delays requests between the proxy and the hub: WeChat waits 5 seconds.',
    zh: '请排查反向代理与 hub 之间的延迟：微信只等待 5 秒。',
  },
  push_wrong_answer: {
    en: 'Another program answers at PUBLIC_URL: let the proxy pass /wechat/ on to the hub.',
    zh: 'PUBLIC_URL 由其他程序响应：请让反向代理将 /wechat/ 转发到 hub。',
  },
  previous_pair_used: {
    en: 'Enter the new token and EncodingAESKey in the console of WeChat: it still signs with the previous pair.',
    zh: '微信仍在使用旧的 Token 与 Key：请在微信开放平台填写新的值。',
  },
  nothing_arrived: {
    en: 'Enter the events URL (授权事件接收URL) in the console of WeChat, and open the firewall for the callback addresses of WeChat.',
    zh: '请在微信开放平台填写授权事件接收 URL，并在防火墙中放行微信回调 IP。',
  },
  no_callback_url: {
    en: 'WeChat says that no valid callback URL is entered: enter the events URL (授权事件接收URL) in the console of WeChat, and publish the platform again (全网发布).',
    zh: '微信提示未填写有效的回调 URL：请在微信开放平台填写授权事件接收 URL，并重新全网发布。',
  },
  wrong_token: {
    en: 'Enter the same token (消息校验Token) here and in the console of WeChat.',
    zh: '请确认此处与微信开放平台的消息校验 Token 一致。',
  },
  wrong_aes_key: {
    en: 'Enter the same EncodingAESKey (消息加解密Key) here and in the console of WeChat.',
    zh: '请确认此处与微信开放平台的消息加解密 Key 一致。',
  },
  wrong_platform: {
    en: 'Another platform pushes to this URL: give each platform its own events URL.',
    zh: '有其他第三方平台推送到此 URL：请为每个平台填写各自的事件接收 URL。',
  },
  unreadable_pushes: {
    en: 'Let the proxy pass the body of POST /wechat/ on without a change, and choose the encrypted mode (安全模式).',
    zh: '请让反向代理原样转发 POST /wechat/ 的请求体，并选择安全模式。',
  },
  slow_answers: {
    en: 'Find out what delays requests between the proxy and the hub: WeChat waits 5 seconds.',
    zh: '请排查反向代理与 hub 之间的延迟：微信只等待 5 秒。',
  },
  slow_pushes: {
    en: 'Find out why the hub answers pushes slowly: the load of its machine, the database, the proxy. WeChat gives up after 5 seconds.',
    zh: '请排查 hub 响应推送缓慢的原因：主机负载、数据库或反向代理。微信等待 5 秒后即放弃。',
  },
  slow_backend: {
    en: 'Make the backend of the relay answer faster, or let it answer later by a customer-service message (mode notify): WeChat gives up after 5 seconds.',
    zh: '请加快转发目标后端的响应，或改用 notify 模式并稍后发送客服消息：微信等待 5 秒后即放弃。',
  },
  ticket_pushes_stopped: {
    en: 'The pushes were stopped at WeChat; they were just restarted. Wait ten minutes for the next ticket.',
    zh: '微信此前已停止推送 ticket，现已重新启动。请等待十分钟。',
  },
  ticket_not_received: {
    en: 'WeChat pushes tickets, and they do not arrive: check the events URL and the firewall.',
    zh: '微信在推送 ticket，但未能收到：请检查事件接收 URL 与防火墙。',
  },
  ticket_stale: {
    en: 'No ticket came for a long time: look at what WeChat says in the evidence.',
    zh: '长时间未收到 ticket：请查看微信返回的信息。',
  },
  wrong_secret: {
    en: 'Enter the present component_appsecret of the platform.',
    zh: '请填写该平台当前的 component_appsecret。',
  },
  ticket_refused: {
    en: 'WeChat refuses the ticket: another installation may receive the pushes of this platform.',
    zh: '微信拒绝该 ticket：可能有另一套系统在接收该平台的推送。',
  },
  not_a_platform: {
    en: 'The component_appid is not one of a third-party platform: register the platform with the right appid.',
    zh: '该 component_appid 不是第三方平台：请使用正确的 appid 注册。',
  },
  quota_used_up: {
    en: 'The calls of the day are used up: reset the counter (`quota reset`) or wait for the next day.',
    zh: '当日调用次数已用完：请重置（quota reset）或等待次日。',
  },
  wechat_not_reachable: {
    en: 'Open the way to the WeChat API: name resolution, firewall, proxy of the hub.',
    zh: '请检查到微信接口的网络：域名解析、防火墙与代理。',
  },
  wechat_refused: {
    en: 'Look up the errcode in the evidence on the page "Return codes" of WeChat.',
    zh: '请根据错误码查阅微信的返回码说明。',
  },
  not_whitelisted: {
    en: 'Add every address in the evidence to the IP whitelist (白名单IP地址列表) in the console of WeChat, and those of the other machines that run a hub.',
    zh: '请将所示的全部 IP 以及其他运行 hub 的主机的出口 IP 添加到微信开放平台的白名单 IP 地址列表。',
  },
  not_published: {
    en: 'Publish the platform (全网发布), or add the accounts to the list of test accounts by their original ids (gh_…).',
    zh: '请完成全网发布，或将账号的原始 ID（gh_…）加入测试白名单。',
  },
  nobody_came_back: {
    en: 'Enter the host in the evidence as 授权发起页域名 in the console of WeChat, and send the link of the hub, not one of WeChat. A merchant who sees 「请确认授权入口页所在域名…」 meets just this.',
    zh: '请在微信开放平台将所示域名填写为授权发起页域名，并向商家发送 hub 的授权链接。商家看到「请确认授权入口页所在域名…」即为此问题。',
  },
  all_lack_set_18: {
    en: 'Request permission set 18 for the platform, and let merchants authorize again with it ticked. A merchant who has given it to another provider must end that first: it is exclusive.',
    zh: '请为平台申请权限集 18，并请商家重新授权时勾选。该权限互斥，已授予其他服务商的商家须先解除。',
  },
  some_lack_set_18: {
    en: 'Send these merchants a link to authorize again: the set is with another provider (it is exclusive), or was not ticked.',
    zh: '请向这些商家发送重新授权链接：该权限互斥、已授予其他服务商，或授权时未勾选。',
  },
  reconciliation_failed: {
    en: 'Look at why the comparison ended in the evidence, and start it again.',
    zh: '请查看对账失败的原因，并重新执行。',
  },
  reconciliation_old: { en: 'Start a worker: the comparison is due every day.', zh: '请启动 worker：对账应每日执行。' },
  tokens_missing: {
    en: 'Let these merchants authorize again: WeChat lists them without a refresh token. All of them: authorizers with the state reauthorization_required.',
    zh: '请让这些商家重新授权：微信列表中没有其 refresh_token。完整名单：状态为 reauthorization_required 的授权方账号。',
  },
  domain_list_empty: {
    en: 'Enter the server domains of the platform: a release through the platform drops every domain that is not in its list.',
    zh: '请设置第三方平台服务器域名：通过平台发布时，不在列表中的域名会被删除。',
  },
  confirm_file_missing: {
    en: 'Place the file in the evidence, with its name and content, at the root of each domain that is named, without a redirect: WeChat takes a business domain only with it.',
    zh: '请将所示校验文件（文件名与内容）放置到所列各域名的根目录，不要重定向：否则微信不接受该业务域名。',
  },
  confirm_file_wrong: {
    en: 'Replace the file at the root of each domain that is named: its whole content must be the one in the evidence.',
    zh: '请替换所列各域名根目录下的校验文件：内容须与所示完全一致。',
  },
  confirm_certificate_refused: {
    en: 'Install a valid certificate for each domain that is named, with its whole chain: WeChat reads the file by https only.',
    zh: '请为所列各域名安装有效证书（含完整证书链）：微信只通过 https 读取校验文件。',
  },
  confirm_domain_unreachable: {
    en: 'Make each domain that is named answer on port 443, also to the hub, and place the file in the evidence at its root.',
    zh: '请确保所列各域名的 443 端口可访问（包括从 hub 访问），并将所示校验文件放置到根目录。',
  },
  api_host_unreachable: {
    en: 'Open the firewall for the hosts of the WeChat API by their names: api2.weixin.qq.com is the one for an outage of the first.',
    zh: '请在防火墙中按域名放行微信接口：主域名不可用时使用 api2.weixin.qq.com。',
  },
  addresses_held: {
    en: 'Compare the list that is held with the one before, and confirm it when it is right.',
    zh: '请比较暂缓发布的列表与之前的列表，确认无误后予以确认。',
  },
  addresses_old: { en: 'Find out why the lists cannot be fetched.', zh: '请排查无法获取 IP 列表的原因。' },
  address_not_listed: {
    en: 'Do not close the firewall to the list alone: the API host resolves to an address that is not in it.',
    zh: '请勿仅按列表放行：接口域名解析到的 IP 不在列表中。',
  },
  feed_behind: { en: 'Start a worker: events get their numbers there.', zh: '请启动 worker：事件编号由其完成。' },
  endpoint_disabled: {
    en: 'Repair the receiver and enable the endpoint again; it goes on where it stopped.',
    zh: '请修复接收方并重新启用该 webhook，将从中断处继续。',
  },
  endpoint_failing: { en: 'Look at the attempts of the latest deliveries.', zh: '请查看最近投递的尝试记录。' },
  relay_behind: { en: 'Look at the backend of the relay.', zh: '请检查转发目标后端。' },
} as const satisfies Readonly<Record<string, Texts>>;

export type FindingName = keyof typeof NEXT_STEPS;
