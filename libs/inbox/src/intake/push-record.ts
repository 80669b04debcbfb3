import type { PushMessage } from '#libs/wechat-wire';

/** What becomes of a verified push. */
export type PushPlan =
  /** Sealed into custody in the transaction of the push; needs no job. */
  | { kind: 'ticket'; infoType: string; ticket: string }
  /** A job hands it to its handler. */
  | { kind: 'dispatch'; infoType: string; authorizerAppid: string }
  /** Acknowledged and kept; nothing here knows what to do with it. */
  | { kind: 'keep'; infoType: string; authorizerAppid: string }
  /**
   * Acknowledged, counted, not kept: messages and events of the merchants' customers are none of the operator's business, no part of
   * the product reads them, and what is not stored cannot leak.
   */
  | { kind: 'pass' };

/** InfoType under which the durable step of WeChat's publication check is stored. */
export const PUBLICATION_CHECK = 'publication_check';

/**
 * Events that customers of a merchant cause (WeChat pages "receive event pushes" of official accounts, customer service and
 * subscription messages of mini programs). Not kept, like their messages; every other event is about the account.
 */
const CUSTOMER_EVENTS: ReadonlySet<string> = new Set([
  'subscribe',
  'unsubscribe',
  'SCAN',
  'LOCATION',
  'CLICK',
  'VIEW',
  'view_miniprogram',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'user_enter_tempsession',
  'kf_create_session',
  'kf_close_session',
  'kf_switch_session',
  'subscribe_msg_popup_event',
  'subscribe_msg_change_event',
  'subscribe_msg_sent_event',
  'TEMPLATESENDJOBFINISH',
  'MASSSENDJOBFINISH',
  'user_authorization_revoke',
  'user_authorization_cancellation',
  'user_info_modified',
  'debug_demo',
]);

/** Events by which WeChat registers an account for the merchant: with status 0 they bring an authorization code. */
export const REGISTRATION_TYPES = ['notify_third_fasteregister', 'notify_third_fastregisterbetaapp'] as const;
const AUTHORIZATION_TYPES: ReadonlySet<string> = new Set(['authorized', 'updateauthorized', 'unauthorized']);

/**
 * Decides by content, not by URL: operators may enter the same URL twice at WeChat.
 * @param urlAppid the account in the message URL; events there do not name it
 */
export function planPush(message: PushMessage, urlAppid = ''): PushPlan {
  switch (message.kind) {
    case 'component_verify_ticket':
      return { kind: 'ticket', infoType: message.kind, ticket: message.ticket };
    case 'authorized':
    case 'updateauthorized':
    case 'unauthorized':
      return isAppid(message.authorizerAppid)
        ? { kind: 'dispatch', infoType: message.kind, authorizerAppid: message.authorizerAppid }
        : { kind: 'keep', infoType: message.kind, authorizerAppid: '' };
    case 'text':
      return { kind: 'pass' };
    case 'event':
      return planEvent(message.event, urlAppid);
    case 'unknown': {
      if (message.infoType === null && message.msgType !== null) {
        const event = message.fields['Event'];
        return message.msgType === 'event' && typeof event === 'string' ? planEvent(event, urlAppid) : { kind: 'pass' };
      }
      const named = [message.fields['AuthorizerAppid'], message.fields['appid'], message.fields['authorizer_appid']];
      const appid = named.find((value) => typeof value === 'string' && isAppid(value)) as string | undefined;
      const infoType = infoTypeName(message.infoType);
      // A known event that lacks an element leads to a look at the account that it names.
      const isHandled = AUTHORIZATION_TYPES.has(infoType) || REGISTRATION_TYPES.some((type) => type === infoType);
      return { kind: isHandled && appid ? 'dispatch' : 'keep', infoType, authorizerAppid: appid ?? '' };
    }
  }
}

function planEvent(event: string, urlAppid: string): PushPlan {
  if (CUSTOMER_EVENTS.has(event)) return { kind: 'pass' };
  return { kind: 'keep', infoType: infoTypeName(event), authorizerAppid: isAppid(urlAppid) ? urlAppid : '' };
}

/** One strange name must not be able to make a whole batch unstorable. */
function infoTypeName(infoType: string | null): string {
  if (infoType === null) return 'unreadable';
  return /^[A-Za-z0-9_]{1,64}$/.test(infoType) ? infoType : 'other';
}

/** Appids as the REST contract admits them. */
export function isAppid(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(value);
}

/** 2100-01-01: later Unix seconds are nonsense and would not fit the database's calendar for long. */
const LATEST_SECONDS = 4_102_444_800;

/** WeChat's CreateTime in Unix seconds; null when there is none that makes sense. */
export function createTimeOf(message: PushMessage): number | null {
  const seconds = message.createTime;
  return seconds !== null && seconds > 0 && seconds < LATEST_SECONDS ? seconds : null;
}
