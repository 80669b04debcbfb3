import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PlatformRef } from '#libs/custody';
import { DOMAIN_PATH, Scene, type Process } from '../../test/scene.ts';
import type { SnapshotSubject } from '../index.ts';

jest.setTimeout(60_000);

describe('a snapshot on demand', () => {
  let scene: Scene;
  let platform: PlatformRef;
  let process: Process;
  beforeEach(async () => {
    scene = await Scene.open();
    platform = await scene.addPlatform();
    process = await scene.process();
  });
  afterEach(() => scene.close());

  const add = async (appid: string, sets = [18]) => {
    const [subject] = await scene.addMiniPrograms(platform, [
      { appid, sets, domains: { effective_domain: { requestdomain: ['https://a.example.com'] } } },
    ]);
    return subject as SnapshotSubject;
  };
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: { code: string }) => error.code,
    );

  it('is taken once for everybody who asks at the same time', async () => {
    const subject = await add('wxone');
    const all = await Promise.all(Array.from({ length: 20 }, () => process.snapshots.take(platform, subject)));
    expect(scene.asked()).toEqual(new Map([['wxone', 1]]));
    expect(all[0]).toMatchObject({
      changed: true,
      snapshot: {
        authorizer_appid: 'wxone',
        observations: 1,
        domains: { effective_domain: { requestdomain: ['https://a.example.com'] } },
      },
    });
    const again = await process.snapshots.take(platform, subject);
    expect(again).toMatchObject({ changed: false, snapshot: { id: all[0]?.snapshot.id, observations: 2 } });
  });

  it('is refused from the record without asking WeChat', async () => {
    const without = await add('wxtwo', [17]);
    await expect(process.snapshots.take(platform, without)).rejects.toMatchObject({
      code: 'permission_set_missing',
      details: { permission_set_id: 18 },
    });
    const subject = await add('wxthree');
    expect(await codeOf(process.snapshots.take(platform, { ...subject, state: 'unauthorized' }))).toBe(
      'authorizer_not_authorized',
    );
    expect(await codeOf(process.snapshots.take(platform, { ...subject, state: 'reauthorization_required' }))).toBe(
      'reauthorization_required',
    );
    expect(scene.asked().size).toBe(0);
  });

  it('has the grant read again when WeChat says 61007 in spite of the record', async () => {
    const subject = await add('wx-err-61007');
    await expect(process.snapshots.take(platform, subject)).rejects.toMatchObject({
      code: 'permission_set_missing',
      details: { permission_set_id: 18, wechat: { errcode: 61007 } },
    });
    expect(process.reread).toEqual(['wx-err-61007']);
  });

  it.each([
    ['wx-busy-9', 'upstream_busy'],
    ['wx-quota-45009', 'upstream_quota_exhausted'],
    ['wx-quota-45011', 'upstream_quota_exhausted'],
    ['wx-html', 'upstream_busy'],
    ['wx-notjson', 'upstream_failed'],
    ['wx-reset', 'upstream_busy'],
    ['wx-err-61003', 'authorizer_not_authorized'],
  ])('remembers the failure of %s as %s, and that it knows nothing since', async (appid, code) => {
    const subject = await add(appid);
    expect(await codeOf(process.snapshots.take(platform, subject))).toBe(code);
    const watch = (await process.history.watchOf(scene.db, platform.platformId, [subject.authorizerId])).get(
      subject.authorizerId,
    );
    expect(watch).toMatchObject({ lastSnapshotAt: null, lastFailure: { code } });
    expect(watch?.lastFailure?.wechat?.errmsg ?? '').not.toContain('rid');
    const [blind] = await scene.db.query<{ blind: boolean }>(
      `SELECT unreadable_since IS NOT NULL AS blind FROM domain_ledger.watch WHERE authorizer_id = $1`,
      [subject.authorizerId],
    );
    expect(blind?.blind).toBe(true);
    expect(JSON.stringify(watch) + process.lines.join()).not.toMatch(/access_token/);
  });

  it('gets a new token once when WeChat says that the token is not valid', async () => {
    const subject = await add('wxfour');
    await process.snapshots.take(platform, subject);
    scene.world.faults.add({ kind: 'errcode', errcode: 40001, match: { path: DOMAIN_PATH }, times: 1 });
    expect((await process.snapshots.take(platform, subject)).snapshot.observations).toBe(2);
  });

  it('keeps entries that are no strings with the raw body', async () => {
    const subject = await add('wxfive');
    scene.world.setDomainQuirks('wxfive', {
      extraFields: { third_domain: { requestdomain: ['https://b.example.com', null, 7] }, brand_new: [1] },
    });
    const { snapshot } = await process.snapshots.take(platform, subject);
    // Entries that are no texts may be any domain: of the list nothing is known.
    expect(snapshot.domains.third_domain).toEqual({});
    expect(snapshot.unknown_lists).toEqual([{ group: 'third_domain', list: 'requestdomain' }]);
    const raw = await process.history.raw(scene.db, platform.platformId, subject, snapshot.id);
    expect(JSON.parse(raw.toString('utf8'))).toMatchObject({
      brand_new: [1],
      third_domain: { requestdomain: ['https://b.example.com', null, 7] },
    });
  });

  it('takes a success that says nothing about domains for a failure of its own kind, and keeps it', async () => {
    const subject = await add('wxsix');
    await process.snapshots.take(platform, subject);
    scene.world.setDomainQuirks('wxsix', {
      absentGroups: ['mp_domain', 'third_domain', 'direct_domain', 'effective_domain'],
    });
    expect(await codeOf(process.snapshots.take(platform, subject))).toBe('upstream_unreadable');
    const now = await process.history.at(scene.db, platform.platformId, subject.authorizerId, null);
    expect(now).toMatchObject({
      certainty: 'unknown',
      reason: { code: 'unreadable' },
      domains: { effective_domain: { requestdomain: ['https://a.example.com'] } },
    });
    const stays = await process.history.lifespans(scene.db, platform.platformId, subject.authorizerId, { limit: 10 });
    expect(stays.items.every((stay) => stay.present)).toBe(true);
    const kept = await scene.db.query('SELECT answers FROM domain_ledger.unreadable_answer');
    expect(kept).toEqual([{ answers: 1 }]);
    scene.world.setDomainQuirks('wxsix', {});
    await process.snapshots.take(platform, subject);
    const again = await process.history.at(scene.db, platform.platformId, subject.authorizerId, null);
    expect(again).toMatchObject({ certainty: 'latest', reason: null });
  });
});
