import { randomBytes } from 'node:crypto';
import { decodeAesKey, encryptPush, pushSignature } from '#libs/wechat-wire';
import { httpRequest } from './http-connection.ts';
import { AES_KEY, PUSH_TOKEN } from './stage.ts';

/** The bytes of a signed and encrypted push of the simulated WeChat to the event URL of a platform. */
export function pushRequest(componentAppid: string, plaintext: string): Buffer {
  const encrypt = encryptPush(decodeAesKey(AES_KEY), componentAppid, plaintext);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(5).readUIntBE(0, 4).toString();
  const query = new URLSearchParams({
    signature: pushSignature(PUSH_TOKEN, timestamp, nonce),
    timestamp,
    nonce,
    encrypt_type: 'aes',
    msg_signature: pushSignature(PUSH_TOKEN, timestamp, nonce, encrypt),
  });
  const body = `<xml>\n    <AppId><![CDATA[${componentAppid}]]></AppId>\n    <Encrypt><![CDATA[${encrypt}]]></Encrypt>\n</xml>`;
  return httpRequest(
    'POST',
    `/wechat/${componentAppid}/events?${query.toString()}`,
    { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0' },
    body,
  );
}

/** An event that has to be worked on later: stored with a job. */
export function unauthorizedXml(componentAppid: string, authorizerAppid: string): string {
  return xml({
    AppId: componentAppid,
    CreateTime: Math.floor(Date.now() / 1000),
    InfoType: 'unauthorized',
    AuthorizerAppid: authorizerAppid,
  });
}

/** A ticket: sealed into custody at once, no job. */
export function ticketXml(componentAppid: string): string {
  return xml({
    AppId: componentAppid,
    CreateTime: Math.floor(Date.now() / 1000),
    InfoType: 'component_verify_ticket',
    ComponentVerifyTicket: `ticket@@@${randomBytes(64).toString('base64url')}`,
  });
}

function xml(fields: Record<string, string | number>): string {
  const text = Object.entries(fields).map(
    ([name, value]) => `<${name}>${typeof value === 'number' ? value : `<![CDATA[${value}]]>`}</${name}>`,
  );
  return `<xml>${text.join('\n')}</xml>`;
}
