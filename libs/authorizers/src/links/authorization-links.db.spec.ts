import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Process, Scene } from '../../test/scene.ts';

let scene: Scene;
let hub: Process;
beforeEach(async () => {
  scene = await Scene.open();
  hub = await scene.process();
  const { merchants } = hub.authorizers;
  await merchants.create(scene.db, scene.platform.platformId, { merchantId: 'm1', name: 'Merchant 1' });
  await merchants.create(scene.db, scene.platform.platformId, { merchantId: 'm2', name: 'Merchant 2' });
});
afterEach(() => scene.close());

const APPID = 'wxmerchant00000001';

/** Opens a link as a merchant's browser does. */
async function open(linkId: string, process: Process = hub) {
  const opening = await process.authorizers.links.open(scene.platform, linkId);
  if (opening.outcome !== 'open') throw new Error(`the link is ${opening.outcome}`);
  return opening;
}

/** A link that was opened, and what WeChat and the browser see of it. */
async function link(
  merchantId: string,
  more: { returnUrl?: string; authorizerAppid?: string; makerMerchantIds?: readonly string[] } = {},
) {
  const made = await hub.authorizers.links.create(hub.db, scene.platform, { merchantId, page: 'pc', ...more });
  const opening = await open(made.linkId);
  const url = new URL(opening.pcUrl);
  const redirectUri = new URL(url.searchParams.get('redirect_uri') ?? '');
  return {
    ...made,
    preAuthCode: url.searchParams.get('pre_auth_code') ?? '',
    state: redirectUri.searchParams.get('state') ?? '',
  };
}

const merchantOf = async (appid: string) => (await scene.authorizer(appid))?.merchant_id;

describe('AuthorizationLinks', () => {
  it('leads to the PC page with everything WeChat wants in it, once it is opened', async () => {
    const { platform } = scene;
    const { links } = hub.authorizers;
    const made = await links.create(hub.db, platform, {
      merchantId: 'm1',
      page: 'pc',
      authType: 3,
      authorizerAppid: APPID,
      permissionSets: [18, 25],
    });
    expect(links.urlOf(platform, made.linkId)).toMatch(
      new RegExp(`^https://hub\\.example/wechat/${platform.componentAppid}/authorize/[\\w-]{24}$`),
    );
    expect(made).toMatchObject({ state: 'open', preAuthCodeExpiresAt: null, openings: 0, lastOpenedAt: null });
    expect(made.expiresAt.getTime() - made.createdAt.getTime()).toBe(7 * 86_400_000);
    const { pcUrl, link: opened, merchantName } = await open(made.linkId);
    expect(merchantName).toBe('Merchant 1');
    const { origin, pathname, searchParams } = new URL(pcUrl);
    expect(origin + pathname).toBe('https://mp.weixin.qq.com/cgi-bin/componentloginpage');
    expect(Object.fromEntries(searchParams)).toEqual({
      component_appid: platform.componentAppid,
      pre_auth_code: expect.stringMatching(/^preauthcode@@@/),
      redirect_uri: expect.stringMatching(
        new RegExp(`^https://hub\\.example/wechat/${platform.componentAppid}/authorized\\?state=[\\w-]{24}$`),
      ),
      auth_type: '3',
      biz_appid: APPID,
      category_id_list: '18|25',
    });
    expect(opened).toMatchObject({ openings: 1, lastOpenedAt: expect.any(Date) });
    expect(opened.preAuthCodeExpiresAt!.getTime() - Date.now()).toBeGreaterThan(1_700_000);
  });

  it('leads to the mobile page, by default for mini programs', async () => {
    const made = await hub.authorizers.links.create(hub.db, scene.platform, { merchantId: 'm1', page: 'mobile' });
    const { mobileUrl } = await open(made.linkId);
    expect(mobileUrl).toMatch(
      /^https:\/\/open\.weixin\.qq\.com\/wxaopen\/safe\/bindcomponent\?action=bindcomponent&no_scan=1&/,
    );
    expect(mobileUrl).toMatch(/&auth_type=2#wechat_redirect$/);
  });

  it('asks WeChat once for a page that is opened again at once, and again for the next day', async () => {
    const { linkId } = await link('m1');
    const codes = () => scene.world.calls('/cgi-bin/component/api_create_preauthcode').length;
    const before = codes();
    const first = await open(linkId);
    expect(codes()).toBe(before);
    expect(first.link.openings).toBe(2);
    const elsewhere = await scene.process();
    const second = await open(linkId, elsewhere);
    expect(codes()).toBe(before + 1);
    expect(second.pcUrl).not.toBe(first.pcUrl);
    scene.addMiniProgram(APPID);
    // The code of the first opening still names the link.
    const preAuthCode = new URL(first.pcUrl).searchParams.get('pre_auth_code') ?? '';
    const { event } = await scene.authorize(APPID, { viaPreAuthCode: preAuthCode });
    await hub.authorizers.lifecycle.apply(event, scene.platform);
    expect(await merchantOf(APPID)).toBe('m1');
    expect(await hub.authorizers.links.find(scene.db, scene.platform.platformId, linkId)).toMatchObject({
      state: 'used',
      authorizerAppid: APPID,
      openings: 3,
    });
    expect((await open(linkId)).pcUrl).not.toContain('biz_appid');
  });

  it('is of no use once it has expired or was revoked, but lets those back in who were on their way', async () => {
    const { links, lifecycle } = hub.authorizers;
    const { platformId } = scene.platform;
    const { linkId, state } = await link('m1');
    await scene.db.run("UPDATE authorizers.authorization_link SET expires_at = wxfleet.now() - interval '1 second'");
    expect(await links.open(scene.platform, linkId)).toEqual({ outcome: 'expired', merchantName: 'Merchant 1' });
    scene.addMiniProgram(APPID);
    const { code } = await scene.authorize(APPID);
    expect(await lifecycle.redirect(scene.platform, { authCode: code, state })).toMatchObject({
      outcome: 'authorized',
    });
    expect(await merchantOf(APPID)).toBe('m1');
    const other = await link('m2');
    expect(await links.revoke(scene.db, platformId, other.linkId)).toMatchObject({ state: 'revoked' });
    expect(await links.open(scene.platform, other.linkId)).toEqual({ outcome: 'revoked', merchantName: 'Merchant 2' });
    expect(await links.brings(scene.db, platformId, other.linkId)).toBe(false);
    expect(await links.open(scene.platform, 'nobodys-link-000000000000')).toEqual({ outcome: 'not_found' });
    expect(await links.revoke(scene.db, platformId, "' OR 1=1 --")).toBeNull();
  });

  it('does not use up the quota of the platform when it is opened without end', async () => {
    const { linkId } = await link('m1');
    await scene.db.run(
      `INSERT INTO authorizers.pre_auth_code (platform_id, code_digest, link_id, expires_at)
       SELECT $1, decode(lpad(n::text, 64, '0'), 'hex'), $2, wxfleet.now() FROM generate_series(1, 59) AS n`,
      [scene.platform.platformId, linkId],
    );
    await open(linkId);
    const elsewhere = await scene.process();
    await expect(open(linkId, elsewhere)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('refuses an unknown merchant and a return_url that leads astray, before it asks WeChat', async () => {
    const { links } = hub.authorizers;
    const before = scene.world.calls().length;
    await expect(links.create(hub.db, scene.platform, { merchantId: 'nobody', page: 'pc' })).rejects.toMatchObject({
      details: { errors: [{ path: 'merchant_id' }] },
    });
    await expect(
      links.create(hub.db, scene.platform, { merchantId: 'm1', page: 'pc', returnUrl: 'javascript:alert(1)' }),
    ).rejects.toMatchObject({ details: { errors: [{ path: 'return_url' }] } });
    expect(scene.world.calls()).toHaveLength(before);
  });

  it('says in its own words that WeChat would not give a pre-auth code', async () => {
    const { linkId } = await hub.authorizers.links.create(hub.db, scene.platform, { merchantId: 'm1', page: 'pc' });
    scene.world.faults.add({ kind: 'errcode', errcode: 45009, times: 1 });
    await expect(open(linkId)).rejects.toMatchObject({ code: 'upstream_quota_exhausted' });
  });

  it('assigns by the pre-auth code of the push', async () => {
    const { preAuthCode } = await link('m1');
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID, { viaPreAuthCode: preAuthCode });
    await hub.authorizers.lifecycle.apply(event, scene.platform);
    expect(await merchantOf(APPID)).toBe('m1');
  });

  it('assigns by the state of the redirect, and sends the merchant back', async () => {
    const { state } = await link('m1', { returnUrl: 'https://shop.example/back' });
    scene.addMiniProgram(APPID);
    const { code } = await scene.authorize(APPID);
    const result = await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code, state });
    expect(result).toEqual({
      outcome: 'authorized',
      authorizerAppid: APPID,
      merchantId: 'm1',
      returnUrl: 'https://shop.example/back',
    });
    expect(await merchantOf(APPID)).toBe('m1');
  });

  it('lets few codes through, and none once it has expired', async () => {
    const guarded = await scene.process({ options: { linklessCodes: 0 } });
    const { lifecycle } = guarded.authorizers;
    const { state } = await link('m1', { returnUrl: 'https://shop.example/back' });
    const guess = (n: number) => lifecycle.redirect(scene.platform, { authCode: `guess${n}`, state });
    for (let n = 0; n < 10; n += 1) expect((await guess(n)).outcome).toBe('refused');
    await expect(guess(10)).rejects.toMatchObject({ code: 'rate_limited' });
    const old = await link('m1');
    await scene.db.run(
      `UPDATE authorizers.authorization_link SET expires_at = wxfleet.now() - interval '1 second',
              pre_auth_code_expires_at = wxfleet.now() - interval '1 second'`,
    );
    const late = lifecycle.redirect(scene.platform, { authCode: 'guess11', state: old.state });
    await expect(late).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('leads nowhere while WeChat cannot be asked about the code', async () => {
    const { state } = await link('m1', { returnUrl: 'https://shop.example/back' });
    scene.world.faults.add({ kind: 'reset' });
    expect(await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: 'guess', state })).toMatchObject({
      outcome: 'pending',
      returnUrl: null,
    });
  });

  it('assigns when the push exchanged the code and the redirect with the state comes after', async () => {
    const { state } = await link('m1');
    scene.addMiniProgram(APPID);
    const { code, event } = await scene.authorize(APPID);
    await hub.authorizers.lifecycle.apply(event, scene.platform);
    expect(await merchantOf(APPID)).toBeNull();
    await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code, state });
    expect(await merchantOf(APPID)).toBe('m1');
  });

  it('assigns from an event that is too late to change the state', async () => {
    const { preAuthCode } = await link('m1');
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID, { viaPreAuthCode: preAuthCode });
    scene.pass(5, hub);
    const gone = await scene.unauthorize(APPID);
    await hub.authorizers.lifecycle.apply(gone, scene.platform);
    expect(await hub.authorizers.lifecycle.apply(event, scene.platform)).toBe('superseded');
    expect(await merchantOf(APPID)).toBe('m1');
  });

  it('a repeated event does not undo what an operator assigned since; a new link does', async () => {
    const { preAuthCode, state } = await link('m1');
    scene.addMiniProgram(APPID);
    const { lifecycle, directory } = hub.authorizers;
    const { code, event } = await scene.authorize(APPID, { viaPreAuthCode: preAuthCode });
    await lifecycle.apply(event, scene.platform);
    await directory.assign(scene.db, scene.platform.platformId, APPID, 'm2', {
      merchantIds: null,
      actor: 'operator:spec',
    });
    await lifecycle.apply(event, scene.platform);
    await lifecycle.redirect(scene.platform, { authCode: code, state });
    expect(await merchantOf(APPID)).toBe('m2');
    const next = await link('m1');
    scene.pass(5, hub);
    const updated = await scene.authorize(APPID, { permissionSets: [18], viaPreAuthCode: next.preAuthCode });
    await lifecycle.apply(updated.event, scene.platform);
    expect(await merchantOf(APPID)).toBe('m1');
  });

  it('a link made for one account assigns no other', async () => {
    const { preAuthCode } = await link('m1', { authorizerAppid: 'wxanother000000000' });
    scene.addMiniProgram(APPID);
    const { event } = await scene.authorize(APPID, { viaPreAuthCode: preAuthCode });
    await hub.authorizers.lifecycle.apply(event, scene.platform);
    expect(await merchantOf(APPID)).toBeNull();
  });

  describe('an account of another merchant', () => {
    const trail = () =>
      scene.db.query<{ action: string; merchant_id: string | null; outcome: string }>(
        `SELECT action, merchant_id, outcome FROM access.audit_event WHERE action LIKE 'authorizer.%' ORDER BY id`,
      );
    const told = () =>
      scene.db.query<{ merchant_id: string; data: unknown }>(
        `SELECT merchant_id, data FROM events.event WHERE type = 'authorizer.assigned' ORDER BY event_id`,
      );
    const comeBy = async (made: { preAuthCode: string }, permissionSets: number[]) => {
      scene.pass(5, hub);
      const { event } = await scene.authorize(APPID, { permissionSets, viaPreAuthCode: made.preAuthCode });
      await hub.authorizers.lifecycle.apply(event, scene.platform);
    };
    beforeEach(async () => {
      scene.addMiniProgram(APPID);
      await comeBy(await link('m2', { makerMerchantIds: ['m2'] }), [17]);
      expect(await merchantOf(APPID)).toBe('m2');
    });

    it('is not taken over by a link whose maker may not see it', async () => {
      await comeBy(await link('m1', { makerMerchantIds: ['m1'], authorizerAppid: APPID }), [18]);
      expect(await scene.authorizer(APPID)).toMatchObject({ merchant_id: 'm2', permission_sets: [18] });
      expect(await trail()).toEqual([
        { action: 'authorizer.assigned', merchant_id: 'm2', outcome: 'ok' },
        { action: 'authorizer.assignment_refused', merchant_id: 'm1', outcome: 'forbidden' },
      ]);
    });

    it('moves by a link whose maker may see both, which is on record for both', async () => {
      await comeBy(await link('m1', { makerMerchantIds: ['m1', 'm2'] }), [18]);
      expect(await merchantOf(APPID)).toBe('m1');
      expect((await trail()).slice(1)).toEqual([
        { action: 'authorizer.unassigned', merchant_id: 'm2', outcome: 'ok' },
        { action: 'authorizer.assigned', merchant_id: 'm1', outcome: 'ok' },
      ]);
      expect(await told()).toEqual([
        { merchant_id: 'm2', data: { from: null, to: 'm2' } },
        { merchant_id: 'm2', data: { from: 'm2', to: null } },
        { merchant_id: 'm1', data: { from: null, to: 'm1' } },
      ]);
    });
  });

  it('a state that nobody made is no link', async () => {
    scene.addMiniProgram(APPID);
    const { code } = await scene.authorize(APPID);
    const result = await hub.authorizers.lifecycle.redirect(scene.platform, { authCode: code, state: "' OR 1=1 --" });
    expect(result).toMatchObject({ outcome: 'authorized', merchantId: null, returnUrl: null });
    expect(await merchantOf(APPID)).toBeNull();
  });

  it('keeps no pre-auth code in the clear', async () => {
    const { preAuthCode } = await link('m1');
    const rows = [
      ...(await scene.db.query('SELECT * FROM authorizers.authorization_link')),
      ...(await scene.db.query('SELECT * FROM authorizers.pre_auth_code')),
    ];
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain(preAuthCode.slice(15));
    expect(hub.lines.join('\n')).not.toContain(preAuthCode);
  });
});
