import type { ServerResponse } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { buildTextReply, decodeAesKey, PUBLICATION_CHECK_APPIDS, sealReply } from '#libs/wechat-wire';

import { AES_KEY, COMPONENT, type Received, type Scene, startScene, TOKEN } from '../test/scene.ts';
import { PUBLICATION_CHECK_ACCOUNTS } from './publication-check.ts';

const OFFICIAL = 'wx570bc396a51b8ff8';
const MINI = 'wxd101a85aa106f53e';

describe('publication check', () => {
  let scene: Scene;
  /** How the platform under check differs from a good one. */
  let flaw: { content?: string; token?: string; aesKey?: string; neverSends?: boolean; event?: string };
  beforeEach(async () => {
    flaw = {};
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.respond(answer);
  });
  afterEach(async () => scene.stop());

  function answer(push: Received, response: ServerResponse): void {
    const { MsgType, Event, Content, ToUserName, FromUserName } = push.fields as Record<string, string>;
    if (MsgType === 'event' && flaw.event?.startsWith('status')) response.writeHead(500).end('success');
    else if (MsgType === 'event' && flaw.event === 'success') response.end('success');
    else if (MsgType === 'event' || Content === 'TESTCOMPONENT_MSG_TYPE_TEXT') {
      const plaintext = buildTextReply({
        toUserName: FromUserName ?? '',
        fromUserName: ToUserName ?? '',
        createTime: 1,
        content:
          MsgType === 'event'
            ? (flaw.event ?? `${Event}from_callback`)
            : (flaw.content ?? 'TESTCOMPONENT_MSG_TYPE_TEXT_callback'),
      });
      const aesKey = decodeAesKey(flaw.aesKey ?? AES_KEY);
      const nonce = push.query.get('nonce') ?? '';
      response.end(
        sealReply({
          token: flaw.token ?? TOKEN,
          aesKey,
          receiveId: COMPONENT,
          plaintext,
          timestamp: '1713424427',
          nonce,
        }),
      );
    } else if (Content?.startsWith('QUERY_AUTH_CODE:')) {
      response.end('');
      if (!flaw.neverSends) void sendFromApi(Content.slice('QUERY_AUTH_CODE:'.length), FromUserName ?? '');
    } else response.end('success');
  }

  async function sendFromApi(code: string, touser: string): Promise<void> {
    const { accessToken } = await scene.exchange(code);
    const body = { touser, msgtype: 'text', text: { content: `${code}_from_api` } };
    await scene.post('/cgi-bin/message/custom/send', body, `access_token=${accessToken}`);
  }

  it('passes a platform that answers as demanded, for official accounts and mini programs', async () => {
    const { ok, verdicts } = await scene.simulator.checkPublication(COMPONENT, { appids: [OFFICIAL, MINI] });
    expect(verdicts.filter((verdict) => !verdict.ok)).toEqual([]);
    expect(verdicts.map(({ appid, check }) => `${appid} ${check}`)).toEqual([
      ' ticket',
      ...[OFFICIAL, MINI].flatMap((appid) =>
        ['authorized', 'text', 'event', 'query_auth_code'].map((check) => `${appid} ${check}`),
      ),
    ]);
    expect(ok).toBe(true);
  });

  it.each([
    ['text', { content: 'TESTCOMPONENT_MSG_TYPE_TEXT' }, 'Content is'],
    ['text,event', { token: 'anothertoken' }, 'signature'],
    ['text,event', { aesKey: 'B'.repeat(43) }, 'decrypted'],
    ['event', { event: 'status 500' }, 'status 500'],
    ['event', { event: 'success' }, 'not an encrypted reply'],
    ['event', { event: 'LOCATION_callback' }, 'Content is'],
    ['query_auth_code', { neverSends: true }, 'within 50 ms'],
  ])('fails the %s check of %j', async (check, flawed, detail) => {
    flaw = flawed;
    const { ok, verdicts } = await scene.simulator.checkPublication(COMPONENT, {
      appids: [MINI],
      withinMs: 'neverSends' in flawed ? 50 : 5_000,
    });
    expect(ok).toBe(false);
    const failed = verdicts.filter((verdict) => !verdict.ok);
    expect(failed.map((verdict) => verdict.check).join()).toBe(check);
    expect(failed[0]?.detail).toContain(detail);
  });

  it('knows the ten accounts of the page', () => {
    expect(PUBLICATION_CHECK_ACCOUNTS.map(({ appid }) => appid).sort()).toEqual([...PUBLICATION_CHECK_APPIDS].sort());
  });
});
