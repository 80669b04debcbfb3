import type { Texts } from './index.ts';

export const domainTexts = {
  title: ['域名', 'Domain'],
  question: ['谁已生效，谁还没有，铺开得有多快', 'Who has it, who does not, and how fast it spreads'],
  domain: ['域名', 'Domain'],
  'domain.example': [
    '例如 https://api.example.com，或只写主机名',
    'For instance https://api.example.com, or the host alone',
  ],
  list: ['用途', 'List'],
  group: ['以哪一组为准', 'Group that must have it'],
  ask: ['查询', 'Ask'],
  start: ['输入一个域名', 'Enter a domain'],
  'start.why': [
    '可以查询任意域名在全部授权小程序中的生效情况。也可以从这里开始：',
    'Any domain can be asked about. You may begin with one of these:',
  ],
  counted: ['统计范围：状态为「已授权」的小程序', 'Of mini programs in state authorized'],
  share: ['{n}%', '{n}%'],
  board: ['生效情况', 'Who has it'],
  all: ['全部', 'All'],
  days: ['{n} 天', '{n} days'],
  spread: ['铺开过程', 'How it spread'],
  verdict: ['结论', 'Verdict'],
  observed: ['依据的快照', 'Evidence'],
  none: ['没有这种结论的小程序', 'No mini program has this verdict'],
  'page.short': ['这一页没有，可能在下一页', 'None on this page; there may be some on the next'],
  'why.covered': ['在「{group}」中', 'in the group'],
  'why.pending': [
    '配置在其他组，尚未生效（需提交代码或发布）',
    'configured elsewhere, not in force until code is submitted or released',
  ],
  'why.missing': ['没有配置', 'not configured'],
  'why.unknown': ['从未观测，或缺少权限集 18', 'never observed, or set 18 is missing'],
  wrong: ['无法查询', 'Cannot be asked'],
  'spread.covered': ['已生效', 'Has it'],
  'spread.missing': ['没有', 'Does not'],
} as const satisfies Texts;
