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
   * Acknowledged, counted, not kept: messages of the merchants' customers are none of the operator's business, no part of
   * the product reads them, and what is not stored cannot leak.
   */
  | { kind: 'pass' };

/** InfoType under which the durable step of WeChat's publication check is stored. */
export const PUBLICATION_CHECK = 'publication_check';

/** Decides by content, not by URL: operators may enter the same URL twice at WeChat. */
export function planPush(message: PushMessage): PushPlan {
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
    case 'event':
      return { kind: 'pass' };
    case 'unknown': {
      if (message.infoType === null && message.msgType !== null) return { kind: 'pass' };
      const appid = message.fields['AuthorizerAppid'] ?? message.fields['appid'] ?? message.fields['authorizer_appid'];
      return {
        kind: 'keep',
        infoType: infoTypeName(message.infoType),
        authorizerAppid: typeof appid === 'string' && isAppid(appid) ? appid : '',
      };
    }
  }
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
