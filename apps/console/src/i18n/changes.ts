import type { Texts } from './index.ts';

export const changesTexts = {
  title: ['变更', 'Changes'],
  question: ['全部授权小程序里动了什么', 'What moved in the fleet'],
  'view.groups': ['按相同变更合并', 'Same change together'],
  'view.feed': ['逐条', 'One by one'],
  'group.any': ['全部来源', 'Any group'],
  'list.any': ['全部用途', 'Any list'],
  'merchant.any': ['全部商家', 'Any merchant'],
  domain: ['域名', 'Domain'],
  range: ['时间范围', 'Span of time'],
  'for.n': ['{n} 个小程序', 'for {n|mini program|mini programs}'],
  between: ['{from} 至 {to}', '{from} to {to}'],
  show: ['查看是哪些', 'Show them'],
  none: ['这段时间没有变更', 'Nothing changed in this time'],
  'none.why': [
    '首次快照不算变更。放宽时间或清除筛选再看看。',
    'A first snapshot is no change. Widen the span or clear the filters.',
  ],
  change: ['变更', 'Change'],
  where: ['位置', 'Where'],
  when: ['首次观测到', 'First observed'],
  week: ['最近 7 天；选择时间范围可查看更早的变更', 'The last 7 days. Choose a span of time for earlier ones'],
  members: ['变更涉及的小程序', 'Mini programs of the change'],
} as const satisfies Texts;
