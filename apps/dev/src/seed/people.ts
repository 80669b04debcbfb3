/** The people of the example world: one provider, its merchants and their mini programs. Everything is made up. */

export const PLATFORM = {
  componentAppid: 'wx0dev0platform0001',
  name: '云帆小程序服务 (example provider)',
};

export interface SeedMerchant {
  merchantId: string;
  name: string;
  principalName: string;
  /** How many mini programs this merchant has. */
  miniPrograms: number;
  shops: readonly string[];
}

export const MERCHANTS: readonly SeedMerchant[] = [
  {
    merchantId: 'm-tea',
    name: '山间茶事',
    principalName: '杭州山间茶业有限公司',
    miniPrograms: 36,
    shops: ['西湖店', '龙井店', '滨江店'],
  },
  {
    merchantId: 'm-noodle',
    name: '老城面馆',
    principalName: '西安老城餐饮管理有限公司',
    miniPrograms: 30,
    shops: ['钟楼店', '高新店'],
  },
  {
    merchantId: 'm-flower',
    name: '一束花开',
    principalName: '昆明一束花卉有限公司',
    miniPrograms: 28,
    shops: ['斗南店', '翠湖店'],
  },
  {
    merchantId: 'm-book',
    name: '半页书房',
    principalName: '南京半页文化传媒有限公司',
    miniPrograms: 24,
    shops: ['先锋店', '夫子庙店'],
  },
  {
    merchantId: 'm-gym',
    name: '动起来健身',
    principalName: '成都动起来体育发展有限公司',
    miniPrograms: 24,
    shops: ['春熙路店', '天府店'],
  },
  {
    merchantId: 'm-fresh',
    name: '早市生鲜',
    principalName: '广州早市供应链有限公司',
    miniPrograms: 22,
    shops: ['天河店', '越秀店'],
  },
  {
    merchantId: 'm-clinic',
    name: '安心口腔',
    principalName: '上海安心口腔门诊部有限公司',
    miniPrograms: 18,
    shops: ['徐汇诊所', '浦东诊所'],
  },
  {
    merchantId: 'm-school',
    name: '小满托育',
    principalName: '苏州小满教育科技有限公司',
    miniPrograms: 14,
    shops: ['园区中心', '姑苏中心'],
  },
  {
    merchantId: 'm-car',
    name: '顺风洗车',
    principalName: '武汉顺风汽车服务有限公司',
    miniPrograms: 10,
    shops: ['光谷店'],
  },
  {
    merchantId: 'm-museum',
    name: '城市博物馆联盟',
    principalName: '北京城博文化中心',
    miniPrograms: 6,
    shops: ['东城馆', '海淀馆'],
  },
];

export interface SeedMiniProgram {
  appid: string;
  nickName: string;
  principalName: string;
  merchantId: string;
  /** Place in the fleet, from 0. */
  index: number;
  /** What the merchant grants on the first day. */
  firstPermissionSets: readonly number[];
  /** What it grants today. */
  permissionSets: readonly number[];
}

/** A shop that has not authorized the platform yet, and the merchant it is for: so that a person can do it in a browser. */
export const NEW_SHOP = {
  merchantId: 'm-bakery',
  merchantName: '麦田烘焙',
  appid: 'wx00000def1bakery0',
  nickName: '麦田烘焙·新店',
  principalName: '青岛麦田食品有限公司',
};

const GRANTED = [17, 18, 19, 30, 31] as const;

/** Without set 18 an account can be listed, and its domains cannot be asked for. */
const WITHOUT_SET_18 = [17, 19, 30] as const;

/** All mini programs, always the same ones. */
export function miniPrograms(): SeedMiniProgram[] {
  const all: SeedMiniProgram[] = [];
  for (const merchant of MERCHANTS) {
    for (let number = 0; number < merchant.miniPrograms; number += 1) {
      const index = all.length;
      all.push({
        appid: `wx${(0xdef0000000 + index).toString(16).padStart(16, '0')}`,
        nickName: `${merchant.name}·${merchant.shops[number % merchant.shops.length] ?? ''}${Math.floor(number / merchant.shops.length) + 1}`,
        principalName: merchant.principalName,
        merchantId: merchant.merchantId,
        index,
        firstPermissionSets: index % 10 === 7 ? WITHOUT_SET_18 : GRANTED,
        permissionSets: index % 80 === 47 ? WITHOUT_SET_18 : GRANTED,
      });
    }
  }
  return all;
}
