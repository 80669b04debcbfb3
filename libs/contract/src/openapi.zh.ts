import { openApiDocument } from './openapi.ts';
import type { OperationId } from './routes.ts';
import { ChineseTexts } from './zh/chinese-texts.ts';

const INTRODUCTION = `面向微信第三方平台的运营方：授权、access token，以及生效服务器域名的历史。

请求需带 \`Authorization: Bearer <API 密钥>\`。JSON 使用 snake_case；时间为 UTC 的 ISO 8601，精确到毫秒；id 不含语义。
创建类请求可带 \`Idempotency-Key\`：重复提交不会再次创建，并返回同样的结果。
列表返回 \`items\` 与 \`next_cursor\`；错误为 \`application/problem+json\`，其中 \`code\` 保持不变。`;

/** Names of the tags and what stands behind them. */
const TAGS: Readonly<Record<string, readonly [name: string, description: string]>> = {
  Platforms: ['第三方平台', '第三方平台、其密钥，以及需填写到微信开放平台的 URL'],
  Merchants: ['商家', '账号所属的商家，使用您自己的编号'],
  Authorization: ['授权', '商家用于授权的链接'],
  Authorizers: ['授权方', '已授权的账号：权限集、access token 与即时快照'],
  'Domain history': ['域名历史', '单个小程序的服务器域名：当前、任一时刻与每次变更'],
  'Fleet queries': ['全部小程序', '平台下全部小程序的服务器域名：哪些已配置、有何变更、发布会丢失哪些域名'],
  Events: ['事件', '所发生的事件，按顺序且无遗漏'],
  Webhooks: ['Webhook', '推送到您后端的事件，按 Standard Webhooks 签名，并保留每次投递记录'],
  Relays: ['转发', '将微信的推送与消息转发到您的后端'],
  'WeChat addresses': ['微信 IP', '微信接口与推送的 IP 地址及其历史，用于防火墙'],
  'Keys and audit': ['密钥与审计', 'API 密钥，以及操作记录'],
  Users: ['用户', '控制台用户'],
  Maintenance: ['运维任务', '巡检、对账、推送、额度、历史精简、主密钥与连接检查'],
  Operations: ['运行状态', '健康检查、指标与本文档'],
  'WeChat callbacks': ['微信回调', '由微信和商家的浏览器访问，无需 API 密钥'],
};

const SUMMARIES: Readonly<Record<OperationId, string>> = {
  createPlatform: '注册第三方平台',
  listPlatforms: '列出第三方平台',
  getPlatform: '查询第三方平台',
  updatePlatform: '修改平台名称或更换密钥',
  removePlatform: '删除平台及其全部数据',
  getPlatformRemoval: '查询平台删除进度',
  createMerchant: '创建商家',
  listMerchants: '列出商家',
  getMerchant: '查询商家',
  updateMerchant: '修改商家名称',
  removeMerchant: '删除商家',
  createAuthorizationLink: '为商家创建授权链接',
  listAuthorizationLinks: '列出授权链接（最新的在前）',
  getAuthorizationLink: '查询授权链接及其结果',
  revokeAuthorizationLink: '作废授权链接',
  createApiKey: '创建 API 密钥',
  listApiKeys: '列出 API 密钥',
  revokeApiKey: '吊销 API 密钥',
  rotateApiKey: '轮换 API 密钥',
  listAuditEvents: '列出审计记录',
  checkAuditChain: '校验审计日志',
  listAuthorizers: '列出授权方',
  getAuthorizer: '查询授权方',
  updateAuthorizer: '将授权方归属到商家',
  listGrants: '列出授权方的权限集历史',
  eraseAuthorizer: '清除已取消授权账号的个人信息',
  issueAccessToken: '获取有效的 access token',
  startReconciliation: '开始与微信授权方列表对账',
  getReconciliation: '查询对账结果',
  takeSnapshot: '立即获取小程序域名快照',
  listSnapshots: '列出小程序的快照（最新的在前）',
  getSnapshot: '查询快照',
  getSnapshotRaw: '查询微信的原始返回',
  getDomainsAt: '查询小程序在某一时刻的域名',
  diffDomains: '比较两个时刻的域名',
  listLifespans: '列出每个域名的添加与移除时间',
  listObservations: '列出小程序的观测时间与空档',
  startSweep: '开始巡检：为全部已授权小程序获取快照',
  listSweeps: '列出巡检（最新的在前）',
  getSweep: '查询巡检',
  getDomainCoverage: '查询哪些小程序已有某个域名',
  listDomainDrift: '列出配置域名与生效域名不一致的小程序',
  listDomainChanges: '列出全部小程序的域名变更（最新的在前）',
  getDomainGauges: '查看距微信各项上限的余量',
  getPlatformOverview: '平台总览数据',
  listDomainChangeGroups: '按相同变更归并的域名变更',
  getDomainSpread: '拥有某域名的小程序数量变化',
  assertDomains: '检查小程序是否满足发布所需域名',
  getWechatIps: '查询微信 IP 地址',
  listWechatIpSnapshots: '列出 IP 列表快照（最新的在前）',
  takeWechatIpSnapshot: '立即获取 IP 列表',
  diffWechatIps: '比较两个时刻的 IP 列表',
  listWechatIpLifetimes: '列出每个 IP 的存续期',
  listWechatIpCandidates: '列出未立即发布的 IP 列表（最新的在前）',
  confirmWechatIpCandidate: '发布暂缓的 IP 列表',
  echoEvents: '响应授权事件接收 URL 的校验',
  receiveEvent: '接收 ticket 与授权事件',
  echoMessages: '响应消息与事件接收 URL 的校验',
  receiveMessage: '接收商家账号的消息与事件',
  openAuthorizationLink: '授权链接打开的页面',
  finishAuthorization: '微信授权页的回跳地址',
  live: '存活检查',
  ready: '就绪检查',
  metrics: 'Prometheus 文本格式的指标',
  openapi: '获取本 OpenAPI 文档',
  docs: '接口文档页面',
  createSession: '登录',
  deleteSession: '退出登录',
  getMe: '查询当前调用方及其权限',
  createFirstOperator: '为空的安装创建首个运维用户',
  createUser: '创建控制台用户',
  listUsers: '列出控制台用户',
  updateUser: '修改用户的角色或密码，或停用用户',
  deleteUser: '删除控制台用户',
  getQuota: '查询当日调用次数、暂停的接口与预算',
  setQuotaBudget: '设置或取消接口的每日预算',
  resetQuota: '重置微信的每日调用次数（component/clear_quota/v2）',
  getMerchantCalls: '按日期和接口列出代某账号的调用',
  listPushes: '列出收到的推送（最新的在前）',
  getPushBacklog: '统计待处理与失败的推送',
  listRefusedPushes: '列出最近被拒绝的回调请求',
  getChecks: '查询平台的连接检查结果',
  runChecks: '立即执行平台的连接检查',
  replayPush: '重新处理失败或未处理的推送',
  startRetention: '开始精简旧的域名历史',
  getRetention: '查询历史精简任务',
  getMasterKeys: '列出主密钥及其加密的数据数量',
  startMasterKeyRotation: '开始轮换主密钥：用首个主密钥重新加密',
  getMasterKeyRotation: '查询主密钥轮换',
  listEvents: '列出平台事件（最早的在前）',
  streamEvents: '实时事件流（server-sent events）',
  createWebhookEndpoint: '创建接收地址',
  listWebhookEndpoints: '列出接收地址',
  getWebhookEndpoint: '查询接收地址',
  updateWebhookEndpoint: '修改、启用或停用接收地址',
  deleteWebhookEndpoint: '删除接收地址及其投递记录',
  rotateWebhookSecret: '更换签名密钥',
  testWebhookEndpoint: '立即发送测试事件',
  getAttemptHours: '按小时统计投递尝试',
  listDeliveries: '列出投递记录（最新的在前）',
  getDelivery: '查询投递及其每次尝试',
  retryDelivery: '立即重试投递',
  startReplay: '按时间或 id 补发事件',
  getReplay: '查询补发进度',
  putRelay: '创建或修改转发规则',
  getRelay: '查询转发规则',
  deleteRelay: '删除转发规则及其等待中的消息',
  listRelays: '列出转发规则',
  testRelay: '向转发规则的后端发送测试消息',
};

interface Operation {
  operationId: OperationId;
  summary: string;
  description: string;
  tags: string[];
}
interface Document {
  info: { description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
}

/**
 * The OpenAPI document for readers of Chinese: all texts of the English one; names, values and examples stay. `texts` tells
 * afterwards which texts are missing or were not used.
 */
export function chineseOpenApiDocument(texts = new ChineseTexts()): Record<string, unknown> {
  const { info, tags, paths, ...rest } = openApiDocument() as unknown as Document;
  return {
    ...(inChinese(rest, texts) as typeof rest),
    info: { ...info, description: INTRODUCTION },
    tags: tags.map(({ name, description }) => {
      const [chinese, text] = TAGS[name] ?? [name, description];
      return { name: chinese, description: text };
    }),
    paths: mapValues(paths, (path) => mapValues(path, (operation) => operationInChinese(operation, texts))),
  };
}

function operationInChinese({ summary, description, ...rest }: Operation, texts: ChineseTexts): Operation {
  const chinese = SUMMARIES[rest.operationId];
  return {
    ...(inChinese(rest, texts) as typeof rest),
    tags: rest.tags.map((name) => TAGS[name]?.[0] ?? name),
    summary: chinese,
    // An operation without a description of its own has its summary.
    description: description === summary ? chinese : texts.of(description),
  };
}

/** A copy with every description and title in Chinese, examples excepted. */
function inChinese(node: unknown, texts: ChineseTexts): unknown {
  if (Array.isArray(node)) return node.map((member) => inChinese(member, texts));
  if (node === null || typeof node !== 'object') return node;
  return mapValues(node as Record<string, unknown>, (value, key) => {
    if (key === 'example') return value;
    if ((key === 'description' || key === 'title') && typeof value === 'string') return texts.of(value);
    return inChinese(value, texts);
  });
}

function mapValues<T, R>(record: Record<string, T>, change: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
