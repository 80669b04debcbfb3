import { randomInt } from 'node:crypto';
import type { PushKeys } from '#libs/custody';
import { buildPushEnvelope, buildPushXml, encryptPush, pushSignature, type PushMessage } from '#libs/wechat-wire';

/** InfoType of the push by which the hub tests its own callback URL; WeChat sends none of this name. */
const TEST_PUSH = 'wxfleet_test_push';

/** Acknowledged and forgotten. */
export function isTestPush(message: PushMessage): boolean {
  return message.kind === 'unknown' && message.infoType === TEST_PUSH;
}

/**
 * A push as WeChat would send it, signed and encrypted with the platform's present pair.
 * @returns query and body of the request to the events URL
 */
export function testPush(componentAppid: string, keys: PushKeys): { query: URLSearchParams; body: string } {
  const [token] = keys.tokens;
  const [aesKey] = keys.aesKeys;
  if (token === undefined || aesKey === undefined) throw new Error('the platform has no push secrets');
  const createTime = Math.floor(Date.now() / 1000);
  const text = buildPushXml({ AppId: componentAppid, CreateTime: createTime, InfoType: TEST_PUSH });
  const encrypt = encryptPush(aesKey, componentAppid, text);
  const timestamp = String(createTime);
  const nonce = String(randomInt(1e9));
  return {
    query: new URLSearchParams({
      signature: pushSignature(token, timestamp, nonce),
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature: pushSignature(token, timestamp, nonce, encrypt),
    }),
    body: buildPushEnvelope({ appId: componentAppid, encrypt }),
  };
}
