import type { Language } from './index.ts';

/** WeChat's names of the permission sets of mini programs (权限集), with an English reading of the common ones. */
const NAMES: Readonly<Record<number, readonly [zh: string, en?: string]>> = {
  1: ['消息管理'],
  2: ['用户管理'],
  3: ['账号服务'],
  4: ['网页服务'],
  11: ['素材管理'],
  15: ['自定义菜单'],
  17: ['获取小程序码', 'Mini program codes'],
  18: ['小程序开发与数据分析', 'Development and data analysis'],
  19: ['小程序客服管理', 'Customer service'],
  25: ['开放平台账号管理', 'Open platform account'],
  30: ['小程序基本信息管理', 'Basic information'],
  31: ['小程序认证名称检测', 'Name verification'],
  37: ['附近的小程序管理', 'Nearby mini programs'],
  40: ['小程序插件管理', 'Plug-ins'],
  41: ['好物圈管理'],
  45: ['微信物流服务', 'Logistics'],
  48: ['微信财政电子票据管理'],
  49: ['小程序云开发管理', 'Cloud development'],
  51: ['小程序即时配送', 'Instant delivery'],
  52: ['小程序直播管理', 'Live streaming'],
  65: ['小程序广告管理', 'Advertising'],
  67: ['微信服务市场管理'],
  70: ['标准版交易组件商品管理'],
  71: ['标准版交易组件订单物流与售后管理'],
  73: ['标准版交易组件接入'],
  76: ['小程序违规与交易投诉管理', 'Violations and complaints'],
  81: ['试用小程序快速认证'],
  84: ['标准版交易组件优惠券管理'],
  85: ['自定义版交易组件管理'],
  86: ['小商店装修'],
  88: ['小程序链接管理', 'Links'],
  93: ['小程序联盟管理'],
  99: ['云开发短信服务'],
  102: ['云开发微信支付'],
  105: ['城市服务'],
  116: ['获取自定义版交易组件数据'],
  117: ['小程序图像处理', 'Image processing'],
  118: ['硬件服务', 'Hardware'],
  119: ['小程序支付管理服务', 'Payments'],
  120: ['小程序购物订单'],
  129: ['小店商品管理'],
  130: ['小店物流管理'],
  131: ['小店订单与售后管理'],
  132: ['小店优惠券管理'],
  133: ['视频号商品橱窗管理'],
  135: ['流量主代运营'],
  142: ['小程序发货管理服务', 'Shipping'],
  151: ['小程序交易保障'],
  156: ['小程序备案服务', 'ICP filing'],
  157: ['小程序虚拟支付管理'],
  161: ['微信客服管理'],
  180: ['微信小店关联'],
  182: ['小程序订单管理服务'],
  198: ['小程序违规申诉代提交'],
};

/** Sets that a merchant can grant to one platform only. */
export const EXCLUSIVE: ReadonlySet<number> = new Set([
  4, 18, 24, 25, 34, 40, 41, 45, 49, 51, 54, 73, 76, 81, 85, 104, 119, 135, 138, 157, 158, 198,
]);

export const permissionSetIds: readonly number[] = Object.keys(NAMES).map(Number);

export function permissionSetName(id: number, language: Language): string {
  const [zh, en] = NAMES[id] ?? [];
  if (language === 'en') return en ?? zh ?? `Permission set ${id}`;
  return zh ?? `权限集 ${id}`;
}
