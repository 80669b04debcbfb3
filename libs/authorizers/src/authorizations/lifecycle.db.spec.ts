import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Gate } from '#libs/testing';
import { PATHS, type Process, Scene } from '../../test/scene.ts';

let scene: Scene;
let hub: Process;
beforeEach(async () => {
  scene = await Scene.open();
  hub = await scene.process();
});
afterEach(() => scene.close());

const APPID = 'wxmerchant00000001';

describe('an authorization', () => {
  it('by push: tokens, state, sets, then name and kind', async () => {
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID, { permissionSets: [30, 18, 17] });
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({
      state: 'authorized',
      permission_sets: [17, 18, 30],
      state_event_at: event.wechatCreatedAt,
      authorized_at: event.wechatCreatedAt,
    });
    expect(await scene.history(APPID)).toEqual(['authorized applied']);
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({
      kind: 'mini_program',
      nick_name: scene.world.account(APPID).nickName,
      principal_name: scene.world.account(APPID).principalName,
      user_name: scene.world.account(APPID).userName,
    });
    expect(hub.firstLooks).toEqual([APPID]);
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
    expect(scene.calls(PATHS.queryAuth)).toBe(1);
  });

  it('by redirect alone: without a time of WeChat, so that a later event still counts', async () => {
    scene.addMiniProgram(APPID);
    const { code, event } = await scene.authorize(APPID);
    const { lifecycle } = hub.authorizers;
    expect(await lifecycle.redirect(scene.platform, { authCode: code })).toMatchObject({
      outcome: 'authorized',
      authorizerAppid: APPID,
    });
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', state_event_at: null });
    expect(await lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', state_event_at: event.wechatCreatedAt });
    expect(scene.calls(PATHS.queryAuth)).toBe(1);
    // Coming back to the page, or the event coming again, costs nothing and changes nothing.
    await lifecycle.redirect(scene.platform, { authCode: code });
    expect(await lifecycle.apply(event, scene.platform)).toBe('superseded');
    expect(scene.calls(PATHS.queryAuth)).toBe(1);
  });

  it('redirect and push with the same code at once, over two processes: one exchange, both content', async () => {
    scene.addMiniProgram(APPID);
    const other = await scene.process();
    const { code, event } = await scene.authorize(APPID);
    const gate = new Gate();
    const release = scene.world.onCall(async (call) => {
      if (call.path === PATHS.queryAuth) await gate.pass();
    });
    const redirect = hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code });
    const pushes = [
      other.authorizers.lifecycle.apply(event, scene.platform),
      hub.authorizers.lifecycle.apply(event, scene.platform),
    ];
    await gate.waiting;
    await new Promise((resolve) => setTimeout(resolve, 100));
    gate.release();
    release();
    expect((await redirect).outcome).toBe('authorized');
    expect((await Promise.all(pushes)).sort()).toEqual(['handled', 'superseded']);
    expect(scene.calls(PATHS.queryAuth)).toBe(1);
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', state_event_at: event.wechatCreatedAt });
  });

  it('redirect and push with different codes at once: both exchanged, the tokens work', async () => {
    scene.world.quirks.distinctCodes = true;
    scene.addMiniProgram(APPID);
    const other = await scene.process();
    const { code, event } = await scene.authorize(APPID);
    const arrived: string[] = [];
    const both = new Gate();
    const release = scene.world.onReply(async (call) => {
      if (call.path !== PATHS.queryAuth) return;
      arrived.push(call.path);
      if (arrived.length === 2) both.release();
      await both.pass();
    });
    const [redirect, push] = await Promise.all([
      hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code }),
      other.authorizers.lifecycle.apply(event, scene.platform),
    ]);
    release();
    expect(redirect.outcome).toBe('authorized');
    expect(push).toBe('handled');
    expect(scene.calls(PATHS.queryAuth)).toBe(2);
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
    // Neither access token is known to be WeChat's newest: none is used, a fresh one is fetched.
    const { token } = await hub.custody.authorizerTokens.lease(scene.platform, APPID);
    expect(scene.calls(PATHS.refresh)).toBe(1);
    expect(token.reveal()).not.toBe('');
  });

  it('a reply lost after WeChat acted: recovered through the account’s information', async () => {
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID);
    scene.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATHS.queryAuth }, times: 1 });
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
    // One whose answer was lost, one that found the code spent.
    expect(scene.calls(PATHS.queryAuth)).toBe(2);
    expect(scene.calls(PATHS.info)).toBe(1);
  });

  it.each(['halfBody', 'html', 'notJson', 'reset'] as const)(
    'an answer that is none (%s) costs no authorization',
    async (kind) => {
      scene.addMiniProgram(APPID);
      const { event } = await scene.authorize(APPID);
      scene.world.faults.add({ kind, match: { path: PATHS.queryAuth }, times: 1 });
      expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
      expect(await scene.isRefreshable(hub, APPID)).toBe(true);
    },
  );

  it('a process killed in the middle of an exchange: another one finishes it, by redirect or by push', async () => {
    scene.addMiniProgram(APPID);
    const { code, event } = await scene.authorize(APPID);
    // What a process leaves behind that died after WeChat acted and before anything was written.
    const gate = new Gate();
    const release = scene.world.onReply(async (call) => {
      if (call.path === PATHS.queryAuth) await gate.pass();
    });
    const doomed = await scene.process({ doomed: true });
    const dead = doomed.authorizers.lifecycle.redirect(scene.platform, { authCode: code });
    await gate.waiting;
    await doomed.db.close();
    gate.release();
    release();
    // Its request ends as "pending" or breaks; it could write nothing.
    await dead.catch(() => undefined);
    scene.pass(60, hub);
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
  });

  it('a redirect cut short is finished by its job, from the sealed code', async () => {
    scene.addMiniProgram(APPID);
    const { code } = await scene.authorize(APPID);
    scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATHS.queryAuth }, times: 1 });
    expect(await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code })).toMatchObject({
      outcome: 'pending',
    });
    expect((await scene.jobs()).some((key) => key.startsWith('authorization-code:'))).toBe(true);
    await scene.db.run("UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 second'");
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', kind: 'mini_program' });
    const stored = await scene.db.query('SELECT * FROM authorizers.authorization_code WHERE sealed_code IS NOT NULL');
    expect(stored).toEqual([]);
  });

  it('a redirect whose reply was lost, without a push: refused to the browser, and reconciliation is on its way', async () => {
    scene.addMiniProgram(APPID);
    const { code, event } = await scene.authorize(APPID);
    scene.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATHS.queryAuth }, times: 1 });
    const { lifecycle } = hub.authorizers;
    expect((await lifecycle.redirect(scene.platform, { authCode: code })).outcome).toBe('refused');
    expect(await scene.jobs()).toContain(`reconcile:${scene.platform.platformId}`);
    // The push comes late after all: now the account is known, and the code is taken up again.
    expect(await lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
  });

  it('a code that WeChat never made is refused, and forged redirects are let through a few at a time', async () => {
    const guarded = await scene.process({ options: { linklessCodes: 3 } });
    const { lifecycle } = guarded.authorizers;
    for (let guess = 0; guess < 3; guess += 1) {
      expect(await lifecycle.redirect(scene.platform, { authCode: `guess${guess}` })).toMatchObject({
        outcome: 'refused',
      });
    }
    await expect(lifecycle.redirect(scene.platform, { authCode: 'guess3' })).rejects.toMatchObject({
      code: 'rate_limited',
    });
    await expect(lifecycle.redirect(scene.platform, { authCode: 'with space' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(scene.calls(PATHS.queryAuth)).toBe(3);
    expect(await scene.db.query('SELECT * FROM authorizers.authorizer')).toEqual([]);
  });

  it('invented codes of one address do not close redirects without a link to the others', async () => {
    const guarded = await scene.process({ options: { linklessCodes: 8, linklessCodesOfAddress: 3 } });
    const { lifecycle } = guarded.authorizers;
    const refused: string[] = [];
    for (let guess = 0; guess < 20; guess += 1) {
      await lifecycle
        .redirect(scene.platform, { authCode: `guess${guess}`, address: '203.0.113.9' })
        .catch((error: { code: string }) => refused.push(error.code));
    }
    expect(refused).toEqual(Array.from({ length: 17 }, () => 'rate_limited'));
    expect(scene.calls(PATHS.queryAuth)).toBe(3);
    // Ten who are who they say they are, all of one address: what has brought tokens counts for nobody.
    for (let shop = 0; shop < 10; shop += 1) {
      const appid = `wxlinkless${shop}`;
      scene.addMiniProgram(appid);
      const { code } = await scene.authorize(appid);
      expect(await lifecycle.redirect(scene.platform, { authCode: code, address: '203.0.113.10' })).toMatchObject({
        authorizerAppid: appid,
      });
    }
    const [row] = await scene.db.query<{ text: string }>(
      `SELECT string_agg(c::text, '') AS text FROM authorizers.authorization_code c`,
    );
    expect(row?.text).not.toContain('203.0.113');
  });

  it('an official account is none of the mini programs, whatever its type number', async () => {
    scene.world.addOfficialAccount({ appid: APPID, serviceType: 0 });
    const { event } = await scene.authorize(APPID);
    await hub.authorizers.lifecycle.apply(event, scene.platform);
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ kind: 'official_account' });
    expect(hub.firstLooks).toEqual([]);
  });
});

describe('events', () => {
  it('a withdrawal suspends the tokens and keeps them; a new authorization brings them back', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    const first = await scene.authorize(APPID);
    await lifecycle.apply(first.event, scene.platform);
    scene.pass(5, hub);
    const gone = await scene.unauthorize(APPID);
    expect(await lifecycle.apply(gone, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({
      state: 'unauthorized',
      unauthorized_at: gone.wechatCreatedAt,
    });
    await expect(hub.custody.authorizerTokens.lease(scene.platform, APPID)).rejects.toMatchObject({
      code: 'authorizer_not_authorized',
    });
    scene.pass(5, hub);
    const again = await scene.authorize(APPID);
    await lifecycle.apply(again.event, scene.platform);
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
  });

  it('an older event that comes late changes nothing, and its code is not wasted on a call', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    const granted = await scene.authorize(APPID);
    scene.pass(5, hub);
    const gone = await scene.unauthorize(APPID);
    await lifecycle.apply(gone, scene.platform);
    expect(await lifecycle.apply(granted.event, scene.platform)).toBe('superseded');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'unauthorized' });
    expect(scene.calls(PATHS.queryAuth)).toBe(0);
    expect(await scene.history(APPID)).toEqual(['unauthorized applied', 'authorized superseded']);
  });

  it('a withdrawal that comes after the authorization that followed it changes nothing', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    scene.pass(5, hub);
    const gone = await scene.unauthorize(APPID);
    scene.pass(5, hub);
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    expect(await lifecycle.apply(gone, scene.platform)).toBe('superseded');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
  });

  it('the same withdrawal in two pushes counts once, also after a redirect authorized again', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    scene.pass(5, hub);
    const gone = await scene.unauthorize(APPID);
    await lifecycle.apply(gone, scene.platform);
    scene.pass(5, hub);
    const again = await scene.authorize(APPID);
    await lifecycle.redirect(scene.platform, { authCode: again.code });
    expect(await lifecycle.apply(gone, scene.platform)).toBe('superseded');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
  });

  it('a withdrawal older than the redirect that WeChat confirmed is doubted, and WeChat is asked', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    scene.pass(5, hub);
    const gone = await scene.unauthorize(APPID);
    scene.pass(5, hub);
    const again = await scene.authorize(APPID);
    await lifecycle.redirect(scene.platform, { authCode: again.code });
    // The withdrawal comes now; the event of the second authorization never does.
    await lifecycle.apply(gone, scene.platform);
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', state_event_at: gone.wechatCreatedAt });
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
  });

  it('two events of one second: the later arrival counts, then WeChat decides', async () => {
    scene.world.clock.setRate(0);
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    const granted = await scene.authorize(APPID);
    const gone = await scene.unauthorize(APPID);
    const again = await scene.authorize(APPID);
    expect(gone.wechatCreatedAt).toEqual(again.event.wechatCreatedAt);
    await lifecycle.apply(again.event, scene.platform);
    await lifecycle.apply(gone, scene.platform);
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'unauthorized' });
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized' });
    expect(granted.code).not.toBe(again.code);
  });

  it('an authorization whose withdrawal is lost: WeChat’s 61003 tells', async () => {
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID);
    await scene.unauthorize(APPID);
    scene.world.codes.authCodes.forEach((code) => (code.used = true));
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'unauthorized' });
  });

  it('a code spent elsewhere: recovered when WeChat has a refresh token, else the merchant must come again', async () => {
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID);
    scene.world.codes.authCodes.forEach((code) => (code.used = true));
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'reauthorization_required' });
    expect(await scene.history(APPID)).toEqual(['authorized failed']);
  });

  it('tells of grants, of sets that came and went, and of the withdrawal, in the feed and in the trail', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    const grant = (permissionSets: number[]) => scene.authorize(APPID, { permissionSets });
    await lifecycle.apply((await grant([17, 18])).event, scene.platform);
    await hub.runJobs();
    scene.pass(5, hub);
    await lifecycle.apply((await grant([17, 25])).event, scene.platform);
    await hub.runJobs();
    scene.pass(5, hub);
    const withdrawn = await scene.unauthorize(APPID);
    await lifecycle.apply(withdrawn, scene.platform);
    await lifecycle.apply(withdrawn, scene.platform);
    const events = await scene.db.query<{ type: string; data: Record<string, unknown>; occurred_at: Date }>(
      'SELECT type, data, occurred_at FROM events.event WHERE authorizer_appid = $1 ORDER BY event_id',
      [APPID],
    );
    const now = [17, 25];
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['authorization.granted', { permission_sets: [17, 18], previous_permission_sets: [], by: 'push' }],
      ['authorization.updated', { permission_sets: now, previous_permission_sets: [17, 18], by: 'push' }],
      ['permission_set.granted', { permission_set_id: 25, still_granted: now }],
      ['permission_set.lost', { permission_set_id: 18, still_granted: now }],
      ['authorization.revoked', { permission_sets: now, previous_permission_sets: now, by: 'push' }],
    ]);
    expect(events.at(-1)?.occurred_at).toEqual(withdrawn.wechatCreatedAt);
    const trail = await scene.db.query<{ action: string }>(
      'SELECT action FROM access.audit_event WHERE subject = $1 ORDER BY id',
      [`authorizer:${APPID}`],
    );
    expect(trail.map(({ action }) => action)).toEqual([
      'authorization.granted',
      'authorization.updated',
      'authorization.revoked',
    ]);
  });

  it('an account that WeChat registered for the merchant: its authorization code is used', async () => {
    scene.addMiniProgram(APPID);
    const { code } = await scene.authorize(APPID);
    const registered = (fields: Record<string, string>) => ({
      wechatCreatedAt: new Date(),
      message: {
        kind: 'unknown' as const,
        infoType: 'notify_third_fasteregister',
        msgType: null,
        createTime: null,
        lacks: null,
        fields,
      },
    });
    const { lifecycle } = hub.authorizers;
    const failed = registered({ appid: APPID, status: '-1', msg: 'authorize third party failed' });
    expect(await lifecycle.apply(failed, scene.platform)).toBe('unhandled');
    expect(await scene.authorizer(APPID)).toBeNull();
    const good = registered({ appid: APPID, status: '0', auth_code: code, msg: 'OK' });
    expect(await lifecycle.apply(good, scene.platform)).toBe('handled');
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', kind: 'mini_program' });
    expect(await scene.history(APPID)).toEqual(['registered applied']);
    expect(await scene.isRefreshable(hub, APPID)).toBe(true);
  });

  it('an event that lacks its code leads to a look at the account', async () => {
    scene.addMiniProgram(APPID);
    const { code, event } = await scene.authorize(APPID);
    await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code });
    await hub.runJobs();
    scene.pass(5, hub);
    await scene.authorize(APPID, { permissionSets: [17] });
    const fields = { AuthorizerAppid: APPID };
    const infoType = 'updateauthorized';
    const message = {
      kind: 'unknown',
      infoType,
      msgType: null,
      createTime: null,
      lacks: 'AuthorizationCode',
      fields,
    } as const;
    const odd = { wechatCreatedAt: event.wechatCreatedAt, message };
    expect(await hub.authorizers.lifecycle.apply(odd, scene.platform)).toBe('unhandled');
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ state: 'authorized', permission_sets: [17] });
  });

  it('an old withdrawal that had stopped the tokens when it was stored gives them back', async () => {
    scene.addMiniProgram(APPID);
    const withdrawn = { ...(await scene.authorize(APPID)).event };
    scene.pass(60, hub);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID, { permissionSets: [18] })).event, scene.platform);
    const { platformId } = scene.platform;
    await hub.custody.authorizerTokens.suspend(scene.db, platformId, APPID);
    const { appId, createTime } = withdrawn.message as { appId: string; createTime: number };
    const message = { kind: 'unauthorized', appId, createTime, authorizerAppid: APPID } as const;
    expect(await lifecycle.apply({ ...withdrawn, message }, scene.platform)).toBe('superseded');
    const held = await hub.custody.authorizerTokens.held(scene.db, platformId, [APPID]);
    expect(held.get(APPID)?.state).toBe('usable');
  });

  it('an odd field of the details does not take the account out, and what could not be read stays as it was', async () => {
    scene.addMiniProgram(APPID);
    const { nickName } = scene.world.account(APPID);
    scene.world.faults.add({
      kind: 'altered',
      match: { path: PATHS.info },
      replace: [
        ['"signature":""', '"signature":"a raw\nline break"'],
        [`"nick_name":"${nickName}"`, `"nick_name":"a\\u0000b"`],
        ['"service_type_info":{"id":0}', '"service_type_info":{"id":[]}'],
        ['"func_info":[', '"func_info":[{"odd":1},'],
      ],
    });
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID, { permissionSets: [17, 18] })).event, scene.platform);
    await hub.runJobs();
    // Its kind depends on the odd field.
    expect(await scene.authorizer(APPID)).toMatchObject({
      state: 'authorized',
      kind: null,
      nick_name: 'ab',
      permission_sets: [17, 18],
      unreadable_fields: ['service_type_info', 'func_info[]'],
      last_failure: null,
    });
    scene.world.faults.clear();
    await lifecycle.refreshInfo(scene.platform, APPID);
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ kind: 'mini_program', unreadable_fields: [] });
    expect(hub.firstLooks).toEqual([APPID]);
    // Set 18 may be the element that cannot be read.
    scene.world.faults.add({
      kind: 'altered',
      match: { path: PATHS.info },
      replace: [['{"funcscope_category":{"id":18}', '{"funcscope_category":{"id":"?"}']],
    });
    await lifecycle.refreshInfo(scene.platform, APPID);
    expect(await scene.authorizer(APPID)).toMatchObject({
      permission_sets: [17, 18],
      unreadable_fields: ['func_info[]'],
    });
  });

  it('a failure of the details says what it is', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    const codeAfter = async (fault: Parameters<typeof scene.world.faults.add>[0]) => {
      scene.world.faults.add({ ...fault, match: { path: PATHS.info } });
      await lifecycle.refreshInfo(scene.platform, APPID).catch(() => undefined);
      scene.world.faults.clear();
      return (await scene.authorizer(APPID))?.last_failure?.['code'];
    };
    expect(await codeAfter({ kind: 'notJson' })).toBe('upstream_failed');
    expect(await codeAfter({ kind: 'reset' })).toBe('upstream_busy');
    expect(await codeAfter({ kind: 'errcode', errcode: 45009 })).toBe('upstream_quota_exhausted');
  });

  it('changed sets: read from the new code; regaining set 18 asks for a snapshot', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID, { permissionSets: [17, 180] })).event, scene.platform);
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ permission_sets: [17, 180] });
    expect(hub.firstLooks).toEqual([]);
    scene.pass(5, hub);
    const updated = await scene.authorize(APPID, { permissionSets: [17, 18] });
    expect(updated.event.message.kind).toBe('updateauthorized');
    await lifecycle.apply(updated.event, scene.platform);
    await hub.runJobs();
    expect(await scene.authorizer(APPID)).toMatchObject({ permission_sets: [17, 18] });
    expect(hub.firstLooks).toEqual([APPID]);
  });

  it('a busy WeChat makes the push wait, and changes nothing', async () => {
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID);
    const fault = scene.world.faults.add({ kind: 'errcode', errcode: 45009, match: { path: PATHS.queryAuth } });
    await expect(hub.authorizers.lifecycle.apply(event, scene.platform)).rejects.toThrow();
    expect(await scene.authorizer(APPID)).toBeNull();
    scene.world.faults.remove(fault.id);
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('handled');
  });
});

describe('rereadGrant', () => {
  it('after a 61007 reads what is granted, at most once a minute', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID, { permissionSets: [17, 18] })).event, scene.platform);
    await hub.runJobs();
    await scene.authorize(APPID, { permissionSets: [17] });
    const before = scene.calls(PATHS.info);
    expect(await lifecycle.rereadGrant(scene.platform, APPID)).toMatchObject({ permissionSets: [17, 18] });
    expect(scene.calls(PATHS.info)).toBe(before);
    scene.pass(61, hub);
    expect(await lifecycle.rereadGrant(scene.platform, APPID)).toEqual({ state: 'authorized', permissionSets: [17] });
    expect(scene.calls(PATHS.info)).toBe(before + 1);
    expect(await lifecycle.rereadGrant(scene.platform, 'wxnobody')).toBeNull();
  });

  it('after a 61003 finds out that the authorization ended', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    await scene.unauthorize(APPID);
    expect(await lifecycle.rereadGrant(scene.platform, APPID)).toMatchObject({ state: 'unauthorized' });
  });

  it('a question that fails is noted on the account and forgotten at the next success', async () => {
    scene.addMiniProgram(APPID);
    const { lifecycle } = hub.authorizers;
    await lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
    scene.world.faults.add({ kind: 'errcode', errcode: 48001, match: { path: PATHS.info }, times: 1 });
    await expect(lifecycle.refreshInfo(scene.platform, APPID)).rejects.toThrow();
    expect((await scene.authorizer(APPID))?.last_failure).toMatchObject({ wechat: { errcode: 48001 } });
    expect(await lifecycle.refreshInfo(scene.platform, APPID)).toBe('authorized');
    expect((await scene.authorizer(APPID))?.last_failure).toBeNull();
  });
});

it('no code and no token is in any log line or in the history', async () => {
  scene.addMiniProgram(APPID);
  const { code, event } = await scene.authorize(APPID);
  scene.world.faults.add({ kind: 'replyLostAfterEffect', match: { path: PATHS.queryAuth }, times: 1 });
  await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code });
  await hub.authorizers.lifecycle.apply(event, scene.platform);
  await hub.runJobs();
  const { token } = await hub.custody.authorizerTokens.lease(scene.platform, APPID);
  const history = await scene.db.query('SELECT * FROM authorizers.authorizer_event');
  const text = hub.lines.join('\n') + JSON.stringify(history) + JSON.stringify(await scene.jobs());
  for (const secret of [code, token.reveal(), 'refreshtoken@@@', 'secret-of-the-platform']) {
    expect(text).not.toContain(secret);
  }
});
