import type { Texts } from './index.ts';

export const risksTexts = {
  title: ['风险', 'Risks'],
  question: [
    '下一次发布会弄坏什么，哪些额度快用完了',
    "What the next release will break, and how near WeChat's limits are",
  ],
  'at.risk': ['发布后会被移除的域名', 'Domains that a release would drop'],
  'at.risk.why': [
    '目前生效，但不在第三方平台已发布的服务器域名列表中。通过平台发布代码时，微信会移除它们（快速配置的除外）。',
    "In force, but not in the platform's published list. A release through the platform drops them, except where they are set directly.",
  ],
  'at.risk.unknown': [
    '还没有读到第三方平台自己的域名列表，无法判断',
    "The platform's own list has not been read, so this is not known",
  ],
  'at.risk.none': ['没有：生效的域名都在平台列表中', "None: everything in force is in the platform's list"],
  drift: ['已配置但未生效', 'Configured and not in force'],
  'drift.why': [
    '这些小程序在下一次提交代码或发布时，生效域名会变化。',
    'What is in force here changes with the next submission or release.',
  ],
  'drift.none': ['没有：配置与生效一致', 'None: configured and in force agree'],
  'drift.since': ['始于', 'Since'],
  pending: ['待生效', 'Pending'],
  'effective.only': ['生效但未配置', 'In force only'],
  lists: ['条目最多的列表（上限 {limit}）', 'Fullest lists (limit {limit})'],
  'lists.none': ['还没有观测到任何列表', 'No list has been observed'],
  domains: [
    '快速配置中主体最多的域名（上限 {limit} 个主体）',
    'Directly set domains by number of principals (limit {limit})',
  ],
  'domains.none': ['没有使用快速配置的域名', 'No domain is set directly'],
  edits: ['本月修改次数（上限 {limit} 次，至少这么多）', 'Edits this month (limit {limit}; at least this many)'],
  'edits.none': ['本月没有观测到修改', 'No edit was seen this month'],
  count: ['数量', 'Count'],
  affects: ['影响的小程序', 'Mini programs'],
  left: ['剩余 {n}', '{n} left'],
  evidence: ['数据时间', 'Evidence'],
} as const satisfies Texts;
