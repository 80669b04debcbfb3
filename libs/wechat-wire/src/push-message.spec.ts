import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { publishedVectors } from '../test/push-vectors.ts';
import { buildPushEnvelope, parsePushEnvelope, parsePushMessage } from './push-message.ts';
import { PushXmlError, buildPushXml } from './push-xml.ts';

const plaintextOf = (id: string): string => publishedVectors.find((vector) => vector.id === id)?.plaintext ?? '';

describe('parsePushEnvelope', () => {
  it('reads both forms, in any order, with and without CDATA', () => {
    const ticket = publishedVectors.find((vector) => vector.id === 'P2')?.encrypt ?? '';
    expect(
      parsePushEnvelope(
        `<xml>\n    <AppId><![CDATA[wxbbd3f07e2945cf2a]]></AppId>\n    <Encrypt><![CDATA[${ticket}]]></Encrypt>\n</xml>`,
      ),
    ).toEqual({ appId: 'wxbbd3f07e2945cf2a', encrypt: ticket });
    expect(parsePushEnvelope(`<xml><Encrypt>\n${ticket}\n</Encrypt><ToUserName>gh_1</ToUserName></xml>`)).toEqual({
      toUserName: 'gh_1',
      encrypt: ticket,
    });
  });

  it.each([
    '<xml></xml>',
    '<xml><Encrypt></Encrypt></xml>',
    '<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>',
    '<xml><Encrypt><a>b</a></Encrypt></xml>',
  ])('refuses %s', (body) => expect(() => parsePushEnvelope(body)).toThrow(PushXmlError));

  it('reads what the builder writes', () => {
    fc.assert(
      fc.property(fc.base64String({ minLength: 4 }), fc.boolean(), (encrypt, cdata) => {
        for (const envelope of [
          { encrypt, appId: 'wx1' },
          { encrypt, toUserName: 'gh_1' },
        ]) {
          expect(parsePushEnvelope(buildPushEnvelope(envelope, { cdata }))).toEqual(envelope);
        }
      }),
    );
  });
});

describe('parsePushMessage', () => {
  it('reads the captured ticket (P2) and revocation (P1)', () => {
    expect(parsePushMessage(plaintextOf('P2'))).toEqual({
      kind: 'component_verify_ticket',
      appId: 'wxbbd3f07e2945cf2a',
      createTime: 1436881222,
      ticket: 'ticket@@@hXh2446N-P9OOZqW4EeuPO9zFXEnAz5Vzc0JaWczBkIqcw2javRF0C_VVdwVYrEwyw1xHOiui7gB0WqKaYPMUQ',
    });
    expect(parsePushMessage(plaintextOf('P1'))).toEqual({
      kind: 'unauthorized',
      appId: 'wxbbd3f07e2945cf2a',
      createTime: 1436876196,
      authorizerAppid: 'wx570bc396a51b8ff8',
    });
  });

  it('reads the debug event of the message URL (P3) with its own element', () => {
    expect(parsePushMessage(plaintextOf('P3'))).toMatchObject({
      kind: 'event',
      toUserName: 'gh_97417a04a28d',
      fromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      createTime: 1715943329,
      event: 'debug_demo',
      eventKey: null,
      fields: { debug_str: 'hello world' },
    });
  });

  it('reads a text (E1), its id as text', () => {
    expect(parsePushMessage(plaintextOf('E1'))).toEqual({
      kind: 'text',
      toUserName: 'asdasdasd',
      fromUserName: 'asdasdasdsadasd',
      createTime: 1234567898,
      content: 'hello',
      msgId: '12345',
    });
  });

  const granted = (expiry: string | undefined, cdata = false) =>
    buildPushXml(
      {
        PreAuthCode: 'preauthcode@@@1',
        AuthorizationCodeExpiredTime: expiry,
        AuthorizationCode: 'queryauthcode@@@1',
        AuthorizerAppid: 'wx2',
        InfoType: 'authorized',
        CreateTime: '1572001402',
        AppId: 'wx1',
      },
      { cdata },
    );

  it.each([
    ['1572005002', 1572005002],
    ['3600', 1572005002],
    ['600', 1572002002],
    ['0', 1572001402],
    ['soon', null],
    [undefined, null],
  ])('reads the expiry %j as the moment %j', (expiry, expected) => {
    for (const cdata of [true, false]) {
      expect(parsePushMessage(granted(expiry, cdata))).toEqual({
        kind: 'authorized',
        appId: 'wx1',
        createTime: 1572001402,
        authorizerAppid: 'wx2',
        authorizationCode: 'queryauthcode@@@1',
        authorizationCodeExpiresAt: expected,
        preAuthCode: 'preauthcode@@@1',
      });
    }
  });

  it('keeps a type it does not know, nested elements included', () => {
    const xml =
      '<xml><AppId>wx1</AppId><CreateTime>1</CreateTime><InfoType>notify_third_fasteregister</InfoType><appid>wx9</appid><status>0</status><info><name>n</name></info></xml>';
    expect(parsePushMessage(xml)).toMatchObject({
      kind: 'unknown',
      infoType: 'notify_third_fasteregister',
      msgType: null,
      createTime: 1,
      lacks: null,
      fields: { appid: 'wx9', info: { name: 'n' } },
    });
    expect(parsePushMessage('<xml><MsgType>image</MsgType><PicUrl>u</PicUrl></xml>')).toMatchObject({
      kind: 'unknown',
      msgType: 'image',
      createTime: null,
      lacks: null,
    });
    expect(parsePushMessage('<xml></xml>')).toMatchObject({
      kind: 'unknown',
      infoType: null,
      msgType: null,
      lacks: null,
    });
  });

  it('says which element a known type lacks, and takes a repeated one for lacking', () => {
    expect(
      parsePushMessage(
        '<xml><AppId>wx1</AppId><CreateTime>1</CreateTime><InfoType>component_verify_ticket</InfoType></xml>',
      ),
    ).toMatchObject({ kind: 'unknown', lacks: 'ComponentVerifyTicket' });
    expect(
      parsePushMessage(
        '<xml><AppId>wx1</AppId><InfoType>unauthorized</InfoType><AuthorizerAppid>wx2</AuthorizerAppid></xml>',
      ),
    ).toMatchObject({ kind: 'unknown', lacks: 'CreateTime', createTime: null });
    expect(
      parsePushMessage(
        '<xml><AppId>wx1</AppId><CreateTime>1</CreateTime><InfoType>unauthorized</InfoType><AuthorizerAppid>a</AuthorizerAppid><AuthorizerAppid>b</AuthorizerAppid></xml>',
      ),
    ).toMatchObject({ kind: 'unknown', lacks: 'AuthorizerAppid' });
  });

  it('refuses what is not such XML with PushXmlError only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        try {
          parsePushMessage(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PushXmlError);
        }
      }),
    );
  });
});
