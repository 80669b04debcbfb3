import type { Texts } from './index.ts';

export const permissionsTexts = {
  title: ['权限', 'Permissions'],
  question: ['哪些账号缺少某个权限集，从什么时候开始', 'Who lacks a permission set, and since when'],
  set: ['权限集', 'Permission set'],
  lacking: ['缺少权限集 {id} 的账号', 'Accounts that lack set {id}'],
  none: ['所有已授权账号都授予了这个权限集', 'Every authorized account has granted this set'],
  has: ['当前已授予', 'Granted now'],
  since: ['失去权限集 {id} 的时间', 'Lost set {id} on'],
  'since.never': ['从未授予', 'never granted'],
  authorized: ['最近一次授权', 'Latest authorization'],
  again: ['重新授权', 'Authorize again'],
  'again.do': ['生成链接', 'Make a link'],
  shown: ['本页 {n} 个账号', '{n|account|accounts} on this page'],
  text: ['给商家的说明', 'Text for the merchant'],
  'text.why': ['可直接复制，随授权链接一起发给商家管理员。', 'Copy it and send it to the administrator with the link.'],
  'lost.none': ['事件流中没有相关记录', 'The feed has no such event'],
  lost: ['得失记录', 'Lost and granted'],
  'text.18': [
    '您好，我们需要您为小程序授予「小程序开发与数据分析」权限集（权限集 18），才能为您配置服务器域名、提交代码和发布版本。\n\n请由小程序管理员打开授权链接，在授权页面勾选该权限集后确认。\n\n请注意：这是互斥权限集，同一时间只能授予一个第三方平台。如果之前授予过其他服务商，请先登录微信公众平台（mp.weixin.qq.com），在「设置 → 第三方设置 → 第三方授权管理」中停止对原服务商的授权，再打开我们的链接。',
    'Please grant our platform permission set 18 “Development and data analysis” for your mini program. We need it to set server domains, submit code and release versions.\n\nThe administrator of the mini program opens the link, ticks this set and confirms.\n\nThe set is exclusive: it can be granted to one platform at a time. If another provider has it, first end that authorization at mp.weixin.qq.com under Settings, third-party settings, then open our link.',
  ],
  'text.other': [
    '您好，请由小程序管理员打开我们的授权链接，在授权页面勾选「{name}」权限集（编号 {id}）后确认。已经授权过的账号也需要重新确认一次，新增的权限集才会生效。',
    'Please open our link as administrator of the mini program, tick the permission set “{name}” (number {id}) and confirm. An account that has authorized before has to confirm again, too.',
  ],
} as const satisfies Texts;
