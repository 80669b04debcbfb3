import type { Elements } from './push-texts.ts';

/** What a sample needs to know: the account, and the moment in Unix seconds. */
interface About {
  readonly appid: string;
  readonly nickName: string;
  readonly now: number;
}

/**
 * Results that WeChat pushes about an account to the message URL, with the elements that public samples show
 * (WeChat page "audit_event"; events of other pages as public SDKs read them). They name no audit and no version.
 */
export const ACCOUNT_EVENTS = {
  weapp_audit_success: ({ now }) => [['SuccTime', now]],
  weapp_audit_fail: ({ now }) => [
    ['Reason', '1:账号信息不符合规范:<br>(1):包含色情因素<br>'],
    ['FailTime', now],
    ['ScreenShot', 'xxx|yyy|zzz'],
  ],
  weapp_audit_delay: ({ now }) => [
    ['Reason', '为了更好的服务小程序，您的服务商正在进行提审系统的优化，可能会导致审核时效的增长，请耐心等待'],
    ['DelayTime', now],
  ],
  wxa_privacy_apply: ({ now }) => [
    [
      'result_info',
      [
        ['api_name', 'wx.choosePoi'],
        ['apply_time', String(now - 3600)],
        ['audit_id', '4211202267'],
        ['audit_time', String(now)],
        ['reason', '小程序内未含有相应使用场景'],
        ['status', '2'],
      ],
    ],
  ],
  wxa_category_audit: () => [
    ['ret', 2],
    ['first', 287],
    ['second', 619],
    ['reason', '驳回原因'],
  ],
  wxa_nickname_audit: ({ nickName }) => [
    ['ret', 2],
    ['nickname', nickName],
    ['reason', '驳回原因'],
  ],
  wxa_appeal_record: ({ appid, now }) => [
    ['appeal_record_id', 1],
    ['appid', appid],
    ['appeal_time', now],
    ['appeal_count', 1],
    ['appeal_from', 0],
    ['appeal_status', 1],
  ],
} as const satisfies Record<string, (about: About) => Elements>;

export type AccountEvent = keyof typeof ACCOUNT_EVENTS;
export const ACCOUNT_EVENT_NAMES = Object.keys(ACCOUNT_EVENTS) as [AccountEvent, ...AccountEvent[]];
