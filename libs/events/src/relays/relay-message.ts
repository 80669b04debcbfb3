import { createHash } from 'node:crypto';
import type { RelayView } from '#libs/contract';
import { parseXml, type XmlFields } from '#libs/wechat-wire';

/** A push that WeChat has signed, opened. */
export interface RelayedPush {
  platformId: number;
  componentAppid: string;
  source: 'messages' | 'events';
  /** From the messages URL, or the account that the push names. */
  authorizerAppid: string | null;
  plaintext: string;
  /** As they came, for mode raw. */
  rawQuery: string;
  rawBody: string;
  /** Encrypts and signs a reply with the key and token that opened the push. */
  seal: (plaintext: string) => string;
}

const textOf = (fields: XmlFields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** What decides about a push: who may have it, and whether it is the same as another one. */
export function partsOf(plaintext: string) {
  const fields = parseXml(plaintext);
  return {
    fields,
    toUserName: textOf(fields, 'ToUserName') ?? '',
    fromUserName: textOf(fields, 'FromUserName') ?? '',
    createTime: textOf(fields, 'CreateTime'),
    msgType: textOf(fields, 'MsgType'),
    event: textOf(fields, 'Event'),
    // 64 bit, so it stays text.
    msgId: textOf(fields, 'MsgId'),
    infoType: textOf(fields, 'InfoType'),
  };
}
export type PushParts = ReturnType<typeof partsOf>;

/**
 * WeChat's rule for repeated messages: the same MsgId, or the same sender, time and event. Pushes to the events URL have neither:
 * there the whole text counts.
 */
export function messageKeyOf(
  { platformId, source, authorizerAppid, plaintext }: RelayedPush,
  parts: PushParts,
): Buffer {
  const identity =
    source === 'events' || parts.fromUserName === ''
      ? plaintext
      : parts.msgId !== null
        ? `id:${parts.msgId}`
        : `event:${parts.fromUserName}:${parts.createTime}:${parts.event ?? ''}`;
  return createHash('sha256')
    .update(JSON.stringify([platformId, source, authorizerAppid, parts.toUserName, identity]))
    .digest();
}

export function matches(
  relay: Pick<RelayView, 'source' | 'match'>,
  push: Pick<RelayedPush, 'source' | 'authorizerAppid'>,
  parts: PushParts,
): boolean {
  const { match } = relay;
  const within = (list: readonly string[] | undefined, value: string | null) =>
    list === undefined || (value !== null && list.includes(value));
  return (
    (relay.source === 'both' || relay.source === push.source) &&
    within(match.msg_types, parts.msgType) &&
    within(match.events, parts.event) &&
    within(match.info_types, parts.infoType) &&
    within(match.authorizer_appids, push.authorizerAppid)
  );
}

/** The JSON that a backend gets, in the form of a webhook. */
export function relayBodyOf(message: {
  componentAppid: string;
  authorizerAppid: string | null;
  merchantId: string | null;
  receivedAt: Date;
  plaintext: string;
}): string {
  const parts = partsOf(message.plaintext);
  return JSON.stringify({
    type: 'message.received',
    timestamp: message.receivedAt.toISOString(),
    platform: message.componentAppid,
    data: {
      authorizer_appid: message.authorizerAppid,
      merchant_id: message.merchantId,
      to_user_name: parts.toUserName,
      openid: parts.fromUserName,
      msg_type: parts.msgType,
      event: parts.event,
      msg_id: parts.msgId,
      info_type: parts.infoType,
      fields: parts.fields,
      xml: message.plaintext,
    },
  });
}
