import type { PushMessage } from './push-message.ts';
import { buildPushXml } from './push-xml.ts';

/**
 * Before a platform is published, WeChat authorizes accounts of its own to it and writes to them (page "publish the
 * third-party platform"). The appids are fixed; a service in production must not choke on them.
 */
export const PUBLICATION_CHECK_APPIDS: ReadonlySet<string> = new Set([
  ...['wx570bc396a51b8ff8', 'wx9252c5e0bb1836fc', 'wx8e1097c5bc82cde9', 'wx14550af28c71a144', 'wxa35b9c23cfe664eb'],
  ...['wxd101a85aa106f53e', 'wxc39235c15087f6f3', 'wx7720d01d4b2a4500', 'wx05d483572dcd5d8b', 'wx5910277cae6fd970'],
]);

export type PublicationCheckStep =
  /** answer the push at once with this text */
  | { step: 'reply'; content: string }
  /** answer empty within 5 s, exchange the code, then send `content` as a customer service message to `toUser` */
  | { step: 'exchange_and_send'; authorizationCode: string; toUser: string; content: string };

const TEXT_CHECK = 'TESTCOMPONENT_MSG_TYPE_TEXT';
const CODE_CHECK = 'QUERY_AUTH_CODE:';

/**
 * What the check expects as the reaction to a message; null for every message that is no part of it.
 *
 * The texts stand on the page. That an event is answered with its own name followed by `from_callback`
 * (`LOCATIONfrom_callback`) does not, nor on any other page that we know: it is what public integrations do (EasyWeChat's
 * for open platforms and several others; evidence class [S]). It goes to the listed accounts only, so a merchant never
 * sees it, even if the check should have stopped asking for it.
 */
export function publicationCheckStep(authorizerAppid: string, message: PushMessage): PublicationCheckStep | null {
  if (!PUBLICATION_CHECK_APPIDS.has(authorizerAppid)) return null;
  if (message.kind === 'event') return { step: 'reply', content: `${message.event}from_callback` };
  if (message.kind !== 'text') return null;
  if (message.content === TEXT_CHECK) return { step: 'reply', content: `${TEXT_CHECK}_callback` };
  const authorizationCode = message.content.startsWith(CODE_CHECK)
    ? message.content.slice(CODE_CHECK.length).trim()
    : '';
  if (authorizationCode === '') return null;
  return {
    step: 'exchange_and_send',
    authorizationCode,
    toUser: message.fromUserName,
    content: `${authorizationCode}_from_api`,
  };
}

/** Plain XML of a text reply: sender and receiver of the message change places. Encrypt it with `sealReply`. */
export function buildTextReply(reply: {
  toUserName: string;
  fromUserName: string;
  createTime: number;
  content: string;
}): string {
  return buildPushXml({
    ToUserName: reply.toUserName,
    FromUserName: reply.fromUserName,
    CreateTime: reply.createTime,
    MsgType: 'text',
    Content: reply.content,
  });
}
