import type { Texts } from './texts.ts';

/** API keys, users, sessions and the audit log. */
export const accessTexts: Texts = {
  'A key can only create keys with a subset of its own scopes and merchants, and no later expiry.':
    '新密钥的权限与商家不能超出当前密钥的范围，失效时间也不能更晚。',
  'The key; shown only in this response': '密钥；仅在此响应中显示',
  'All hub processes reject the key within a second. Revoking a revoked key has no effect. Keys with more scopes or merchants than the caller cannot be revoked by it.':
    '一秒内所有 hub 进程都会拒绝该密钥。重复吊销没有效果。不能吊销权限或商家范围超出调用方的密钥。',
  '`revoke`: also revokes the keys and disables the users that this key created, and those that they created':
    '`revoke`：同时吊销由该密钥直接或间接创建的密钥，并停用由其创建的用户',
  Revoked: '已吊销',
  'Creates a key with the same scopes and merchants. Both keys work during the overlap, so that clients can be updated one by one.':
    '生成权限与商家范围相同的新密钥。重叠期内新旧密钥都可用，便于逐个更新客户端。',
  'Id of the key to replace': '要替换的密钥的 id',
  'The new key; shown only in this response': '新密钥；仅在此响应中显示',
  'All matching events from the cursor on, streamed; `limit` is ignored':
    '自游标起全部符合条件的事件，流式返回；`limit` 不起作用',
  'Recomputes the hash chain, one section per call. There is one chain for the whole installation.':
    '重新计算哈希链，每次调用检查一段。整个安装共用一条链。',
  'The result': '结果',
  'A new API key': '新的 API 密钥',
  'Options of a key rotation': '密钥轮换的选项',
  'Only events at or after this time': '仅此时刻及之后的记录',
  'Only events before this time': '仅此时刻之前的记录',
  'Only events of this actor, for example api_key:<id>': '仅此操作者，如 api_key:<id>',
  'Only this action, for example access_token.issued': '仅此动作，如 access_token.issued',
  'Only events about this subject, for example authorizer:<appid>': '仅此对象，如 authorizer:<appid>',
  'Maximum number of events to check': '最多检查的记录数',
  'Sequence number of a link: `head.seq` of an earlier response': '链上某一环的序号：此前响应中的 `head.seq`',
  'Hash of that link: `head.hash` of the same response': '该环的哈希：同一响应中的 `head.hash`',
  'Sets an HttpOnly, SameSite=Strict cookie. Failed logins are throttled with an increasing delay.':
    '设置 HttpOnly、SameSite=Strict 的 cookie。登录失败后须等待，等待时间逐次增加。',
  'A login': '登录信息',
  'Logged in': '已登录',
  'Session cookie': '会话 cookie',
  'Logged out in all processes': '已在所有进程中退出登录',
  'The caller': '调用方',
  'Needs the token of the link that the hub prints at startup while there are no users and no platform keys. The token works once, within 24 hours.':
    '需要注册链接中的 token：安装中还没有用户和平台密钥时，hub 启动时会打印该链接。token 只能使用一次，24 小时内有效。',
  'The first user of an empty installation': '空安装的首个用户',
  'The operator': '运维用户',
  'The new user cannot have more scopes than the caller.': '新用户的权限不能超出调用方。',
  'A new console user': '新的控制台用户',
  'The user': '用户',
  'Ends all sessions of the user.': '会结束该用户的所有会话。',
  'User name': '用户名',
  "Fields to change. Every change ends the user's sessions": '要修改的字段。任何修改都会结束该用户的会话',
  'Name, password and sessions are removed. Audit events keep the user name until they are removed. It cannot be undone.':
    '删除用户名、密码与会话。审计记录在清理之前仍保留该用户名。不可恢复。',
  'Confirms a deletion, which cannot be undone': '确认删除，不可恢复',
  'Id of the key (not secret)': '密钥的 id（不是机密）',
  'What the key is for': '密钥的用途',
  'First characters of the key, to recognize it': '密钥的前几个字符，便于识别',
  'What the key may do': '密钥的权限',
  'Merchants it is limited to; null: all of the platform': '限定的商家；null 表示平台的全部商家',
  'Who created it': '创建者',
  'When the key expires': '密钥的失效时间',
  'When the key was revoked': '密钥的吊销时间',
  'Last use, accurate to about a minute': '最近使用时间，误差约一分钟',
  'Network address of the last use': '最近使用时的来源地址',
  'CIDR ranges from which it may be used; null: from anywhere': '允许使用的来源网段（CIDR）；null 表示不限',
  'Id of the key that replaced it': '替换它的密钥的 id',
  'An API key. The key itself is shown only when it is created': 'API 密钥。密钥本身仅在创建时显示',
  'Keys, newest first': '密钥，最新的在前',
  'Events checked in this section': '本段已检查的记录数',
  '`altered`: differs from what was chained. `removed`: no longer exists':
    '`altered`：与入链时不一致。`removed`：记录已不存在',
  'Sequence number of the link, or of the first removed one': '该环的序号；多环缺失时为第一环的序号',
  'Sequence number of the last one': '最后一环的序号',
  'The event, if it exists': '对应的审计记录（如存在）',
  'Problems found; empty: the section is intact': '发现的问题；为空则本段完好',
  'Sequence number of the newest link': '最新一环的序号',
  'Its hash; store it elsewhere and pass it as `expect_seq` and `expect_hash` next time':
    '最新一环的哈希；请另行保存，下次以 `expect_seq` 与 `expect_hash` 传入',
  'When it was added': '入链时间',
  'The end of the chain': '链尾',
  'Events older than a minute that are not chained yet; more than 0: no process is chaining':
    '超过一分钟仍未入链的记录数；大于 0 说明没有进程在入链',
  'Cursor of the next section; null at the end': '下一段的游标；到链尾时为 null',
  'Result of an audit log verification': '审计日志的校验结果',
  'Time of the event; for aggregated events the end of the second': '发生时间；合并的记录为该秒的末尾',
  'api_key:<id>, operator:<id>, user:<name>, wechat, system, or nobody (unauthenticated)':
    'api_key:<id>、operator:<id>、user:<name>、wechat、system，或 nobody（未认证）',
  'Action, for example access_token.issued': '动作，如 access_token.issued',
  'Subject, for example authorizer:<appid>': '对象，如 authorizer:<appid>',
  'Merchant concerned; null if not exactly one': '所涉及的商家；不是恰好一个时为 null',
  '`ok` or an error code': '`ok` 或错误码',
  'Network address of the caller': '调用方的来源地址',
  'Number of equal events aggregated in this one': '合并为此条的相同记录数',
  'Details; never contains secrets': '详情；不含机密',
  'One entry of the audit log': '一条审计记录',
  'Events, newest first': '记录，最新的在前',
  'The key. Shown only in this response: null in a repetition with the same Idempotency-Key':
    '密钥。仅在此响应中显示：以相同 Idempotency-Key 重复请求时为 null',
  'The new API key': '新的 API 密钥',
  'Repeat the id of what is deleted': '重复填写要删除对象的 id',
  'How long the old key stays valid, at most until its own expiry; 0: it is revoked at once':
    '旧密钥继续有效的时长，不超过其自身的失效时间；0 表示立即吊销',
  'Kind of caller': '调用方类型',
  'Name in the audit log: api_key:<id>, operator:<id> or user:<name>':
    '在审计日志中的名称：api_key:<id>、operator:<id> 或 user:<name>',
  '`viewer`: read access to one platform. `admin`: full access to one platform. `operator`: full access to the installation':
    '`viewer`：只读一个平台。`admin`：管理一个平台。`operator`：管理整个安装',
  'Role of the user; null for a key': '用户的角色；API 密钥为 null',
  'Platform; null for the whole installation': '平台；null 表示整个安装',
  'Scopes of the caller': '调用方的权限',
  'Merchants it is limited to; null: all': '限定的商家；null 表示全部',
  'Send it as `X-CSRF-Token` with every state-changing request that uses the cookie; null for keys':
    '使用 cookie 且会修改数据的请求，须以请求头 `X-CSRF-Token` 带上此值；API 密钥为 null',
  'The current caller': '当前调用方',
  'Scopes of the key; a subset of the scopes of the caller': '密钥的权限，须是调用方权限的子集',
  'Limits the key to these merchants; absent: the merchants of the caller': '将密钥限定于这些商家；不填则与调用方相同',
  'When the key expires; in the future, and no later than the caller. Absent: when the caller expires':
    '密钥的失效时间；须在将来，且不晚于调用方的失效时间。不填则与调用方相同',
  'Addresses and CIDR ranges from which the key may be used; absent: as the key that creates it':
    '允许使用密钥的地址与 CIDR 网段；不填则与创建它的密钥相同',
  'The token in the sign-up link that the hub printed at startup': 'hub 启动时打印的注册链接中的 token',
  'Password, 12 to 256 characters. Never returned': '密码，12 至 256 个字符。不会返回',
  Password: '密码',
  'Platform of a viewer or admin. Absent for operators; callers of a platform may omit it':
    'viewer 或 admin 所属的平台。operator 不填；平台的调用方可省略',
  'When the user expires; no later than the caller. Absent: when the caller expires':
    '用户的失效时间，不晚于调用方的失效时间。不填则与调用方相同',
  'Platform; null for operators': '平台；operator 为 null',
  'When the user was created': '用户的创建时间',
  'Who created the user': '用户的创建者',
  'Blocked since': '停用时间',
  'When the user expires': '用户的失效时间',
  'Latest login': '最近登录时间',
  'A console user': '控制台用户',
  'Users, by name': '用户，按用户名排序',
  'When the user expires; no later than the caller. null: never':
    '用户的失效时间，不晚于调用方的失效时间。null 表示永不失效',
  'Whether the user is disabled': '是否停用',
};
