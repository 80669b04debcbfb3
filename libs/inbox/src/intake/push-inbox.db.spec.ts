import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ComponentTickets } from '#libs/custody';
import { JobQueue, type JobRequest } from '#libs/jobs';
import { EventWriter } from '#libs/events';
import { AppError, Secret, type Sql } from '#libs/kernel';
import { Gate } from '#libs/testing';
import { decodeAesKey, decryptPush, parsePushEnvelope, parseXml, pushSignature } from '#libs/wechat-wire';
import { COMPONENT, KEYS, OLD_KEYS, type Scene, openScene, push, revoked, ticket } from '../../test/scene.ts';
import { openLine } from '../../test/line.ts';
import { prunePushes } from '../push-archive.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? error.code : String(error);
}

describe('PushInbox', () => {
  it('makes an event durable, sealed and due for a job before it answers', async () => {
    const inbox = scene.inbox();
    const accepted = await inbox.accept(push(revoked('wxmerchant1', 1_700_000_000)));
    expect(accepted.status).toBe('accepted');
    expect(accepted.message.kind).toBe('unauthorized');
    const [row] = await scene.rows();
    expect(row).toMatchObject({ info_type: 'unauthorized', authorizer_appid: 'wxmerchant1', state: 'pending' });
    expect(row?.wechat_created_at).toEqual(new Date(1_700_000_000_000));
    expect(row?.sealed_body?.toString('latin1')).not.toContain('wxmerchant1');
    const { platformId } = scene.platform;
    expect(await scene.jobs()).toMatchObject([{ name: 'inbox.drain_pushes', key: `push:${platformId}:wxmerchant1` }]);
  });

  it('keeps a ticket in custody in the same transaction, without its text in the inbox and without a job', async () => {
    const inbox = scene.inbox();
    const value = `ticket@@@${'x'.repeat(86)}`;
    await inbox.accept(push(ticket(value)));
    const [kept] = await scene.custody.tickets.usable(scene.db, scene.platform.platformId);
    expect(kept?.ticket.reveal()).toBe(value);
    expect(await scene.rows()).toMatchObject([
      { info_type: 'component_verify_ticket', state: 'handled', sealed_body: null },
    ]);
    expect(await scene.jobs()).toEqual([]);
  });

  it('of tickets that come at once keeps the newest by WeChat’s time', async () => {
    const inbox = scene.inbox();
    const now = Math.floor(Date.now() / 1000);
    const values = [3, 1, 5, 2, 4];
    await Promise.all(values.map((age) => inbox.accept(push(ticket(`ticket-${age}`, now - age)))));
    const [kept] = await scene.custody.tickets.usable(scene.db, scene.platform.platformId);
    expect(kept?.ticket.reveal()).toBe('ticket-1');
    await inbox.accept(push(ticket('ticket-9', now - 9)));
    const [still] = await scene.custody.tickets.usable(scene.db, scene.platform.platformId);
    expect(still?.ticket.reveal()).toBe('ticket-1');
  });

  it('stores a push that comes many times at once, over two processes, once', async () => {
    const request = push(revoked('wxmerchant1'));
    const other = scene.inbox({ db: await scene.database.another() });
    const inbox = scene.inbox();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? inbox : other).accept(request)),
    );
    expect(answers.filter((answer) => answer.status === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 'duplicate')).toHaveLength(39);
    expect(await scene.rows()).toHaveLength(1);
    expect(await scene.jobs()).toHaveLength(1);
  });

  it('two processes storing the same pushes in opposite order do not block each other', async () => {
    const requests = Array.from({ length: 300 }, (_, index) => push(revoked(`wxmerchant${index % 50}`)));
    const other = scene.inbox({ db: await scene.database.another() });
    const inbox = scene.inbox();
    const answers = await Promise.all([
      ...requests.map((request) => inbox.accept(request)),
      ...[...requests].reverse().map((request) => other.accept(request)),
    ]);
    expect(answers.filter((answer) => answer.status === 'accepted')).toHaveLength(300);
    expect(await scene.rows()).toHaveLength(300);
    expect(await scene.jobs()).toHaveLength(50);
  });

  it('accepts the previous token and key, in any mixture, during a rotation', async () => {
    const inbox = scene.inbox();
    await inbox.accept(push(revoked('wxa'), { keys: KEYS }));
    await inbox.accept(push(revoked('wxb'), { keys: OLD_KEYS }));
    await inbox.accept(push(revoked('wxc'), { keys: { ...KEYS, token: OLD_KEYS.token } }));
    await inbox.accept(push(revoked('wxd'), { keys: { ...OLD_KEYS, token: KEYS.token } }));
    expect(await scene.custody.accounts.get(scene.db, COMPONENT)).toMatchObject({
      previousPushSecrets: { pushesOpened: 3 },
    });
    expect(await scene.rows()).toHaveLength(4);
  });

  it('keeps what it does not know as unhandled, whatever its name', async () => {
    const inbox = scene.inbox();
    const base = { AppId: COMPONENT, CreateTime: 1_700_000_000 };
    await inbox.accept(push({ ...base, InfoType: 'notify_3rd_wxa_auth', appid: 'wxmerchant1', taskid: '7' }));
    await inbox.accept(push({ ...base, InfoType: 'x\u0000y' }));
    await inbox.accept(push({ ...base, InfoType: 'toString' }));
    await inbox.accept(push({ ...base, InfoType: 'authorized', AuthorizerAppid: 'wxmerchant1' }));
    await inbox.accept(push('{"no":"xml"}'));
    expect((await scene.rows()).map((row) => [row.info_type, row.authorizer_appid, row.state])).toEqual([
      ['notify_3rd_wxa_auth', 'wxmerchant1', 'unhandled'],
      ['other', '', 'unhandled'],
      ['toString', '', 'unhandled'],
      // It lacks a code: its handler has a look at the account.
      ['authorized', 'wxmerchant1', 'pending'],
      ['unreadable', '', 'unhandled'],
    ]);
    expect((await scene.rows()).every((row) => row.sealed_body !== null)).toBe(true);
  });

  it('cuts a CreateTime from the future, so that it cannot outrank every later event', async () => {
    await scene.inbox().accept(push(revoked('wxmerchant1', Math.floor(Date.now() / 1000) + 86_400)));
    const [row] = await scene.rows();
    expect(row?.wechat_created_at.getTime()).toBeLessThan(Date.now() + 601_000);
  });

  it('a ticket with a CreateTime from the future is cut too, and the tickets after it are kept', async () => {
    const inbox = scene.inbox();
    const now = Math.floor(Date.now() / 1000);
    const newest = async () => {
      const [kept] = await scene.custody.tickets.usable(scene.db, scene.platform.platformId);
      return kept?.ticket.reveal();
    };
    await inbox.accept(push(ticket('ticket-wrong', now + 30 * 86_400)));
    expect(await newest()).toBe('ticket-wrong');
    const [row] = await scene.db.query<{ at: Date }>('SELECT wechat_created_at AS at FROM custody.component_ticket');
    expect(row!.at.getTime()).toBeLessThan(Date.now() + 601_000);
    for (const minutes of [10, 20, 30]) {
      scene.db.travel(`${minutes} minutes`);
      await inbox.accept(push(ticket(`ticket-${minutes}`, now + minutes * 60 - 3), { timestamp: now + minutes * 60 }));
      expect(await newest()).toBe(`ticket-${minutes}`);
      await inbox.accept(push(ticket('ticket-late', now - 600 + minutes), { timestamp: now + minutes * 60 }));
      expect(await newest()).toBe(`ticket-${minutes}`);
    }
  });

  it('takes what WeChat has signed whatever the clocks say, warns, and takes it once', async () => {
    const inbox = scene.inbox();
    const now = Math.floor(Date.now() / 1000);
    const ahead = push(revoked('wxa', now + 900), { timestamp: now + 900 });
    const behind = push(revoked('wxb', now - 90_000), { timestamp: now - 90_000 });
    for (const signed of [ahead, behind]) {
      expect((await inbox.accept(signed)).status).toBe('accepted');
      expect((await inbox.accept(signed)).status).toBe('duplicate');
    }
    // As the clock of the database sees it, a day has passed; the row still knows the push.
    scene.db.travel('3 days');
    await prunePushes(scene.db);
    expect((await inbox.accept(behind)).status).toBe('duplicate');
    expect((await scene.rows()).map((row) => [row.authorizer_appid, row.state])).toEqual([
      ['wxa', 'pending'],
      ['wxb', 'pending'],
    ]);
    const warnings = scene.log.lines.filter((line) => line.includes('push.clock_differs'));
    expect(warnings).toHaveLength(1);
    expect(await scene.metrics.text()).toContain('wxfleet_pushes_off_clock_total{direction="ahead"} 2');
  });

  it('keeps an unknown event with another AppId: signature and receive id are WeChat’s', async () => {
    const other = { InfoType: 'something', AppId: 'wxc0000000000000002' };
    expect((await scene.inbox().accept(push(other))).status).toBe('accepted');
    expect((await scene.rows()).map((row) => [row.info_type, row.state])).toEqual([['something', 'unhandled']]);
  });

  it('keeps events about an account, under the account of the URL, and none that a customer caused', async () => {
    const inbox = scene.inbox();
    const base = { ToUserName: 'gh_1', FromUserName: 'o1', CreateTime: 1_700_000_000, MsgType: 'event' };
    const events = ['weapp_audit_success', 'wxa_privacy_apply', 'something_new', 'odd name!', 'user_enter_tempsession'];
    for (const event of events) {
      await inbox.accept(push({ ...base, Event: event, Reason: 'secret' }, { authorizerAppid: 'wxmerchant1' }));
    }
    // One without FromUserName is not lost either.
    const { FromUserName: _, ...lacking } = base;
    await inbox.accept(push({ ...lacking, Event: 'wxa_category_audit' }, { authorizerAppid: 'wxmerchant1' }));
    const rows = await scene.rows();
    expect(rows.map((row) => row.info_type)).toEqual([
      'weapp_audit_success',
      'wxa_privacy_apply',
      'something_new',
      'other',
      'wxa_category_audit',
    ]);
    expect(new Set(rows.map((row) => `${row.authorizer_appid} ${row.state}`))).toEqual(
      new Set(['wxmerchant1 unhandled']),
    );
    expect(rows.some((row) => row.sealed_body?.includes('secret'))).toBe(false);
    const told = await scene.db.query<{ type: string; data: Record<string, unknown> }>(
      `SELECT type, data FROM events.event WHERE authorizer_appid = 'wxmerchant1' ORDER BY event_id`,
    );
    expect(told.map(({ type, data }) => [type, data['info_type'] ?? null])).toEqual([
      ['audit.passed', null],
      ['push.received', 'weapp_audit_success'],
      ['push.received', 'wxa_privacy_apply'],
      ['push.received', 'something_new'],
      ['push.received', 'other'],
      ['push.received', 'wxa_category_audit'],
    ]);
    expect(told[1]?.data['push_id']).toBe(String(rows[0]?.push_id));
  });

  it('ignores blanks around the ciphertext', async () => {
    const good = push(revoked('wxmerchant1'));
    const body = good.body
      .toString()
      .replace(/<Encrypt>.*<\/Encrypt>/s, (element) =>
        element.replace('<![CDATA[', '<![CDATA[\n  ').replace(']]>', ' \n]]>'),
      );
    expect(body).not.toBe(good.body.toString());
    expect((await scene.inbox().accept({ ...good, body })).status).toBe('accepted');
  });

  it('echoes for a good signature only', async () => {
    const inbox = scene.inbox();
    const signed = { timestamp: '1700000000', nonce: 'n' };
    const signature = pushSignature(KEYS.token, signed.timestamp, signed.nonce);
    expect(await inbox.echo(COMPONENT, { ...signed, signature, echostr: '42' })).toBe('42');
    const msgSignature = pushSignature(KEYS.token, signed.timestamp, signed.nonce, '42');
    expect(await inbox.echo(COMPONENT, { ...signed, msg_signature: msgSignature, echostr: '42' })).toBe('42');
    expect(await refusal(inbox.echo(COMPONENT, { ...signed, signature: 'a'.repeat(40), echostr: '42' }))).toBe(
      'forbidden',
    );
    expect(await refusal(inbox.echo(COMPONENT, { ...signed, msg_signature: msgSignature, echostr: '43' }))).toBe(
      'forbidden',
    );
    expect(await refusal(inbox.echo('wxnone', { ...signed, signature, echostr: '42' }))).toBe('not_found');
    expect(await refusal(inbox.echo(COMPONENT, { ...signed, signature, echostr: '<b>' }))).toBe('invalid_request');
  });

  it('keeps the latest 100 refused requests of a platform without content', async () => {
    const inbox = scene.inbox();
    const wrongToken = () => push(revoked('wxa'), { keys: { ...KEYS, token: 'guessed' } });
    await refusal(inbox.accept({ ...wrongToken(), address: '192.0.2.1' }));
    await refusal(inbox.accept({ ...push(revoked('wxa'), { outerAppId: 'wxother' }), address: '192.0.2.2' }));
    await refusal(inbox.accept({ ...push(revoked('wxa')), body: 'success', authorizerAppid: 'wxa' }));
    await refusal(inbox.accept({ ...push(revoked('wxa')), componentAppid: 'wxnone' }));
    await scene.refused.flush();
    const { platformId } = scene.platform;
    expect(await scene.refused.list(scene.db, platformId)).toEqual([
      { refusedAt: expect.any(Date), path: `/wechat/${COMPONENT}/messages/wxa`, address: null, reason: 'malformed' },
      { refusedAt: expect.any(Date), path: `/wechat/${COMPONENT}/events`, address: '192.0.2.2', reason: 'outer_appid' },
      { refusedAt: expect.any(Date), path: `/wechat/${COMPONENT}/events`, address: '192.0.2.1', reason: 'signature' },
    ]);
    for (let index = 0; index < 150; index += 1) await refusal(inbox.accept(wrongToken()));
    await scene.refused.flush();
    expect(await scene.refused.list(scene.db, platformId)).toHaveLength(100);
    expect(await scene.db.query('SELECT count(*) AS count FROM inbox.refused_push')).toEqual([{ count: 100 }]);
    expect(await scene.rows()).toEqual([]);
  });

  describe('stops the tokens of an account with the transaction that stores its withdrawal', () => {
    const APPID = 'wxmerchant1';
    const state = async () => {
      const held = await scene.custody.authorizerTokens.held(scene.db, scene.platform.platformId, [APPID]);
      return held.get(APPID)?.state;
    };
    const now = () => Math.floor(Date.now() / 1000);
    beforeEach(async () => {
      await scene.custody.authorizerTokens.keep(scene.db, scene.platform.platformId, APPID, {
        refreshToken: Secret.of('refresh'),
      });
      await scene.db.run(
        `UPDATE custody.authorizer_token SET refresh_token_received_at = wxfleet.now() - interval '1 minute'`,
      );
    });

    it('at once, before its job has run', async () => {
      expect(await state()).toBe('usable');
      await scene.inbox().accept(push(revoked(APPID, now())));
      expect(await state()).toBe('suspended');
    });

    it('but not for a withdrawal that is older than the tokens', async () => {
      await scene.inbox().accept(push(revoked(APPID, now() - 3600)));
      expect(await state()).toBe('usable');
    });

    it('and keeps the push when the tokens are locked by somebody', async () => {
      const gate = new Gate();
      const locked = scene.db.transaction(async (sql) => {
        await sql.query('LOCK TABLE custody.authorizer_token IN ACCESS EXCLUSIVE MODE');
        await gate.pass();
      });
      await gate.waiting;
      const accepted = await scene.inbox().accept(push(revoked(APPID, now())));
      gate.release();
      await locked;
      expect(accepted.status).toBe('accepted');
      expect(await scene.rows()).toMatchObject([{ info_type: 'unauthorized', state: 'pending' }]);
      expect((await scene.jobs()).map(({ key }) => key)).toEqual([`push:${scene.platform.platformId}:${APPID}`]);
    });
  });

  describe('finds out that pushes may be missing', () => {
    const missed = async () => (await scene.jobs()).filter(({ key }) => key.startsWith('pushes-missed:'));
    beforeEach(async () => {
      await scene.inbox().accept(push(ticket('a-ticket')));
    });

    it('after a time without any process, and not while one is there', async () => {
      await scene.missed.beat();
      scene.db.travel('50 seconds');
      await scene.missed.beat();
      expect(await missed()).toEqual([]);
      scene.db.travel('3 minutes');
      await scene.missed.beat();
      expect(await missed()).toMatchObject([{ name: 'inbox.pushes_missed' }]);
      expect(scene.log.lines.some((line) => line.includes('push.some_may_be_missing'))).toBe(true);
    });

    it('after a push that could not be stored', async () => {
      await scene.missed.beat();
      const line = await openLine(scene.database.url);
      const away = await scene.database.another({ url: line.url });
      const inbox = scene.inbox({ db: away });
      line.cut();
      await expect(inbox.accept(push(revoked('wxa')))).rejects.toThrow();
      expect(await missed()).toEqual([]);
      await scene.missed.beat();
      expect(await missed()).toHaveLength(1);
      await line.close();
    });
  });

  describe('refuses, and changes nothing', () => {
    afterEach(async () => {
      expect(await scene.rows()).toEqual([]);
      expect(await scene.jobs()).toEqual([]);
    });

    it('a forged push: wrong token, changed ciphertext, changed timestamp, changed nonce', async () => {
      const inbox = scene.inbox();
      const good = push(revoked('wxmerchant1'));
      const envelope = parsePushEnvelope(good.body.toString());
      const flipped = envelope.encrypt.replace(/.(?=.{30}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
      for (const forged of [
        push(revoked('wxmerchant1'), { keys: { ...KEYS, token: 'guessed' } }),
        { ...good, body: good.body.toString().replace(envelope.encrypt, flipped) },
        { ...good, query: { ...good.query, timestamp: String(Math.floor(Date.now() / 1000) - 1) } },
        { ...good, query: { ...good.query, nonce: '1' } },
        { ...good, query: { ...good.query, msg_signature: good.query.signature } },
      ]) {
        expect(await refusal(inbox.accept(forged))).toBe('forbidden');
      }
    });

    it('a foreign push: another receive id, another AppId inside or outside, another key', async () => {
      const inbox = scene.inbox();
      const other = 'wxc0000000000000002';
      for (const foreign of [
        push(revoked('wxmerchant1'), { receiveId: other }),
        push({ ...revoked('wxmerchant1'), AppId: other }),
        push(revoked('wxmerchant1'), { outerAppId: other }),
        push(revoked('wxmerchant1'), { keys: { ...KEYS, encodingAesKey: 'Z'.repeat(43) } }),
      ]) {
        expect(await refusal(inbox.accept(foreign))).toBe('forbidden');
      }
    });

    it('a push for a platform that is not there', async () => {
      const inbox = scene.inbox();
      expect(await refusal(inbox.accept({ ...push(revoked('wxa')), componentAppid: 'wxnone' }))).toBe('not_found');
      expect(await refusal(inbox.accept({ ...push(revoked('wxa')), componentAppid: "'; --" }))).toBe('not_found');
    });

    it('what is too long, or no push at all', async () => {
      const inbox = scene.inbox();
      const good = push(revoked('wxa'));
      const long = push({ ...revoked('wxa'), Padding: 'x'.repeat(70_000) });
      expect(await refusal(inbox.accept(long))).toBe('payload_too_large');
      for (const body of [
        '',
        'success',
        '{}',
        '<xml></xml>',
        '<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>',
      ]) {
        expect(await refusal(inbox.accept({ ...good, body }))).toBe('invalid_request');
      }
      for (const query of [
        {},
        { ...good.query, timestamp: undefined },
        { ...good.query, timestamp: ['1', '2'] },
        { ...good.query, nonce: 'n'.repeat(500) },
        { ...good.query, msg_signature: 'nothex' },
      ]) {
        expect(await refusal(inbox.accept({ ...good, query }))).toBe('invalid_request');
      }
    });

    it('messages of users: acknowledged, verified, never stored', async () => {
      const inbox = scene.inbox();
      const text = {
        ToUserName: 'gh_1',
        FromUserName: 'o1',
        CreateTime: 1_700_000_000,
        MsgType: 'text',
        Content: 'private',
      };
      const accepted = await inbox.accept(push(text, { authorizerAppid: 'wxmerchant1' }));
      expect(accepted).toMatchObject({ status: 'accepted', message: { kind: 'text' } });
      expect(accepted.reply).toBeUndefined();
      const image = { ...text, MsgType: 'image', PicUrl: 'http://x' };
      expect((await inbox.accept(push(image, { authorizerAppid: 'wxmerchant1' }))).status).toBe('accepted');
      expect(
        await refusal(inbox.accept(push(text, { authorizerAppid: 'wxmerchant1', keys: { ...KEYS, token: 'no' } }))),
      ).toBe('forbidden');
      // A card of a mini program has an AppId of its own.
      const card = { ...text, MsgType: 'miniprogrampage', AppId: 'wxmerchant1', PagePath: 'x' };
      expect((await inbox.accept(push(card, { authorizerAppid: 'wxmerchant1' }))).status).toBe('accepted');
      const entered = { ...text, MsgType: 'event', Event: 'user_enter_tempsession', SessionFrom: 'private' };
      expect((await inbox.accept(push(entered, { authorizerAppid: 'wxmerchant1' }))).status).toBe('accepted');
    });
  });

  it('one push that cannot be stored does not cost the others of its batch', async () => {
    let broken = 0;
    class BreakingTickets extends ComponentTickets {
      override receive(...args: Parameters<ComponentTickets['receive']>): Promise<'kept' | 'older'> {
        if (args[2].reveal() !== 'broken') return super.receive(...args);
        broken += 1;
        return Promise.reject(new Error('this ticket cannot be sealed'));
      }
    }
    const inbox = scene.inbox({ tickets: new BreakingTickets(scene.sealer, new EventWriter()) });
    const requests = ['wxa', 'wxb', 'broken', 'wxc', 'wxd'].map((name) =>
      push(name === 'broken' ? ticket(name) : revoked(name)),
    );
    const results = await Promise.allSettled(requests.map((request) => inbox.accept(request)));
    expect(results.map((result) => result.status === 'fulfilled')).toEqual([true, true, false, true, true]);
    // Once with the others, once alone.
    expect(broken).toBe(2);
    expect((await scene.rows()).map((row) => row.authorizer_appid).sort()).toEqual(['wxa', 'wxb', 'wxc', 'wxd']);
  });

  it('never acknowledges what the database did not take', async () => {
    const line = await openLine(scene.database.url);
    try {
      const db = await scene.database.another({ url: line.url, connectTimeoutMs: 1000 });
      const inbox = scene.inbox({ db });
      await inbox.accept(push(revoked('wxa')));
      line.cut();
      const repeated = push(revoked('wxb'));
      await expect(inbox.accept(repeated)).rejects.toThrow();
      await expect(inbox.accept(push(revoked('wxc')))).rejects.toThrow();
      line.restore();
      expect((await inbox.accept(repeated)).status).toBe('accepted');
      expect((await scene.rows()).map((row) => row.authorizer_appid)).toEqual(['wxa', 'wxb']);
    } finally {
      await line.close();
    }
  });

  it('answers the text of the publication check, encrypted with the keys of the request, for listed accounts only', async () => {
    const inbox = scene.inbox();
    const text = {
      ToUserName: 'gh_3c884a361561',
      FromUserName: 'ouser',
      CreateTime: 1_700_000_000,
      MsgType: 'text',
      Content: 'TESTCOMPONENT_MSG_TYPE_TEXT',
    };
    const request = push(text, { authorizerAppid: 'wx570bc396a51b8ff8', keys: OLD_KEYS });
    const { reply } = await inbox.accept(request);
    const fields = parseXml(reply ?? '') as Record<string, string>;
    expect(fields.Nonce).toBe(request.query.nonce);
    expect(fields.MsgSignature).toBe(
      pushSignature(OLD_KEYS.token, fields.TimeStamp ?? '', fields.Nonce ?? '', fields.Encrypt ?? ''),
    );
    const plain = decryptPush(decodeAesKey(OLD_KEYS.encodingAesKey), COMPONENT, fields.Encrypt ?? '');
    expect(parseXml(plain)).toMatchObject({
      ToUserName: 'ouser',
      FromUserName: 'gh_3c884a361561',
      MsgType: 'text',
      Content: 'TESTCOMPONENT_MSG_TYPE_TEXT_callback',
    });
    expect((await inbox.accept(push(text, { authorizerAppid: 'wxsomebodyelse0000' }))).reply).toBeUndefined();
    expect(await scene.rows()).toEqual([]);
  });

  it('answers an event of the publication check with its name, for listed accounts only, and keeps nothing of it', async () => {
    const inbox = scene.inbox();
    const event = {
      ToUserName: 'gh_3c884a361561',
      FromUserName: 'ouser',
      CreateTime: 1_700_000_000,
      MsgType: 'event',
      Event: 'LOCATION',
    };
    const { reply } = await inbox.accept(push(event, { authorizerAppid: 'wx570bc396a51b8ff8' }));
    const fields = parseXml(reply ?? '') as Record<string, string>;
    const plain = decryptPush(decodeAesKey(KEYS.encodingAesKey), COMPONENT, fields.Encrypt ?? '');
    expect(parseXml(plain)).toMatchObject({
      ToUserName: 'ouser',
      FromUserName: 'gh_3c884a361561',
      MsgType: 'text',
      Content: 'LOCATIONfrom_callback',
    });
    expect((await inbox.accept(push(event, { authorizerAppid: 'wxsomebodyelse0000' }))).reply).toBeUndefined();
    // The same on the event URL, which names no account.
    expect((await inbox.accept(push(event))).reply).toBeUndefined();
    expect(await scene.rows()).toEqual([]);
  });

  it('answers the code of the publication check empty, and keeps it as a durable step', async () => {
    const inbox = scene.inbox();
    const text = {
      ToUserName: 'gh_3c884a361561',
      FromUserName: 'ouser',
      CreateTime: 1_700_000_000,
      MsgType: 'text',
      Content: 'QUERY_AUTH_CODE:queryauthcode@@@abc',
    };
    const { reply } = await inbox.accept(push(text, { authorizerAppid: 'wx570bc396a51b8ff8' }));
    expect(reply).toBe('');
    expect((await inbox.accept(push(text, { authorizerAppid: 'wxsomebodyelse0000' }))).reply).toBeUndefined();
    const rows = await scene.rows();
    expect(rows).toMatchObject([
      { info_type: 'publication_check', authorizer_appid: 'wx570bc396a51b8ff8', state: 'pending' },
    ]);
    expect(rows[0]?.sealed_body?.toString('latin1')).not.toContain('queryauthcode');
  });

  it('writes a flood in few transactions', async () => {
    let writes = 0;
    class CountingQueue extends JobQueue {
      override addMany<Payload>(...args: Parameters<JobQueue['addMany']>): Promise<void> {
        writes += 1;
        return super.addMany<Payload>(...(args as [Sql, JobRequest<Payload>[]]));
      }
    }
    const inbox = scene.inbox({ jobs: new CountingQueue() });
    await Promise.all(Array.from({ length: 400 }, (_, index) => inbox.accept(push(revoked(`wxm${index}`)))));
    expect(writes).toBeLessThan(40);
    expect(await scene.rows()).toHaveLength(400);
  });
});
