import type { Texts } from './index.ts';

export const eventsTexts = {
  title: ['事件', 'Events'],
  question: ['发生了什么，我的 Webhook 收到了吗', 'What happened, and did my webhook get it'],
  feed: ['事件流', 'Feed'],
  endpoints: ['Webhook 接收端', 'Webhook endpoints'],
} as const satisfies Texts;
