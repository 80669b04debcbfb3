import { describe, expect, it } from '@jest/globals';
import { buildTextReply, publicationCheckStep } from './publication-check.ts';
import { type UserText, parsePushMessage } from './push-message.ts';

const text = (content: string): UserText => ({
  kind: 'text',
  toUserName: 'gh_3c884a361561',
  fromUserName: 'oUser',
  createTime: 1,
  content,
  msgId: '1',
});

describe('publicationCheckStep', () => {
  it('answers the text check', () => {
    expect(publicationCheckStep('wx570bc396a51b8ff8', text('TESTCOMPONENT_MSG_TYPE_TEXT'))).toEqual({
      step: 'reply',
      content: 'TESTCOMPONENT_MSG_TYPE_TEXT_callback',
    });
  });

  it('exchanges the code of the second check and says what to send', () => {
    expect(publicationCheckStep('wxd101a85aa106f53e', text('QUERY_AUTH_CODE:queryauthcode@@@x'))).toEqual({
      step: 'exchange_and_send',
      authorizationCode: 'queryauthcode@@@x',
      toUser: 'oUser',
      content: 'queryauthcode@@@x_from_api',
    });
  });

  it('answers any event of a listed account with its name, and no event of a merchant', () => {
    const event = (name: string) => {
      const message = parsePushMessage(
        `<xml><ToUserName>gh_1</ToUserName><FromUserName>oUser</FromUserName><CreateTime>1</CreateTime>` +
          `<MsgType>event</MsgType><Event>${name}</Event></xml>`,
      );
      expect(message.kind).toBe('event');
      return message;
    };
    for (const name of ['LOCATION', 'debug_demo']) {
      const reply = { step: 'reply', content: `${name}from_callback` };
      expect(publicationCheckStep('wx570bc396a51b8ff8', event(name))).toEqual(reply);
      expect(publicationCheckStep('wx0000000000000001', event(name))).toBeNull();
    }
  });

  it('has nothing to say to merchants, to other texts and to a check without a code', () => {
    expect(publicationCheckStep('wx0000000000000001', text('TESTCOMPONENT_MSG_TYPE_TEXT'))).toBeNull();
    expect(publicationCheckStep('wxd101a85aa106f53e', text('hello'))).toBeNull();
    expect(publicationCheckStep('wxd101a85aa106f53e', text('QUERY_AUTH_CODE:'))).toBeNull();
  });

  it('its reply is a text message', () => {
    expect(
      parsePushMessage(buildTextReply({ toUserName: 'oUser', fromUserName: 'gh_1', createTime: 2, content: '好]]>' })),
    ).toEqual({
      kind: 'text',
      toUserName: 'oUser',
      fromUserName: 'gh_1',
      createTime: 2,
      content: '好]]>',
      msgId: null,
    });
  });
});
