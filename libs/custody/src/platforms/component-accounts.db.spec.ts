import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret } from '#libs/kernel';
import { eventually } from '#libs/testing';
import { Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(30_000);
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const OTHER_KEY = 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba';

describe('platforms', () => {
  let stage: Stage;
  let hub: Process;

  beforeEach(async () => {
    stage = await Stage.open();
    hub = await stage.process();
  });

  afterEach(() => stage.close());

  const input = (componentAppid: string) => ({
    componentAppid,
    componentAppsecret: Secret.of('app-secret-value'),
    token: Secret.of('push-token-value'),
    encodingAesKey: Secret.of(AES_KEY),
    name: 'A platform',
  });

  it('are registered once, with their secrets sealed', async () => {
    const row = await stage.db.transaction((sql) => hub.accounts.create(sql, input('wx00000000000000f1')));
    expect(row).toMatchObject({
      componentAppid: 'wx00000000000000f1',
      state: 'awaiting_ticket',
      ticketReceivedAt: null,
    });
    const stored = JSON.stringify(await stage.db.query('SELECT a::text FROM custody.component_account a'));
    for (const secret of ['app-secret-value', 'push-token-value', AES_KEY]) {
      expect(stored).not.toContain(secret);
      expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
    }
    await expect(
      stage.db.transaction((sql) => hub.accounts.create(sql, input('wx00000000000000f1'))),
    ).rejects.toMatchObject({ code: 'invalid_request', details: { errors: [{ path: 'component_appid' }] } });
    await expect(
      stage.db.transaction((sql) =>
        hub.accounts.create(sql, { ...input('wx00000000000000f2'), encodingAesKey: Secret.of('short') }),
      ),
    ).rejects.toMatchObject({ code: 'invalid_request', details: { errors: [{ path: 'encoding_aes_key' }] } });
  });

  it('can be told apart by whether they have ever had a ticket', async () => {
    const fresh = await stage.addPlatform('wx00000000000000f3', { ticket: false });
    expect(await hub.accounts.withTicket()).toEqual([stage.platform]);
    await stage.giveTicket(hub, fresh);
    expect(await hub.accounts.withTicket()).toEqual([stage.platform, fresh]);
  });

  it('keep the previous token and key for incoming pushes, in every process', async () => {
    const other = await stage.process();
    const { componentAppid, platformId } = stage.platform;
    expect(await other.accounts.pushKeys(componentAppid)).toMatchObject({ tokens: ['push-token'] });
    const change = { token: Secret.of('new-token'), encodingAesKey: Secret.of(OTHER_KEY), name: 'Renamed' };
    expect(await stage.db.transaction((sql) => hub.accounts.update(sql, platformId, change))).toMatchObject({
      name: 'Renamed',
    });
    await stage.db.transaction((sql) => hub.accounts.update(sql, platformId, change)); // the same again changes nothing
    const keys = await eventually('the other process knows', async () => {
      const found = await other.accounts.pushKeys(componentAppid);
      return found!.tokens[0] === 'new-token' ? found : null;
    });
    expect(keys).toMatchObject({ platformId, tokens: ['new-token', 'push-token'] });
    expect(keys.aesKeys.map((key) => key.toString('base64'))).toHaveLength(2);
  });

  it('let the previous token and key end after a day, or at once, and do not bring an ended one back', async () => {
    const { componentAppid, platformId } = stage.platform;
    const change = (patch: object) => stage.db.transaction((sql) => hub.accounts.update(sql, platformId, patch));
    // What a process that has just started reads.
    const keys = async () => {
      const cold = await stage.process();
      cold.db.travel(`${passed} seconds`);
      const found = (await cold.accounts.pushKeys(componentAppid))!;
      return { tokens: found.tokens, aesKeys: found.aesKeys.length };
    };
    let passed = 0;
    await change({ encodingAesKey: Secret.of(OTHER_KEY) });
    expect(await keys()).toEqual({ tokens: ['push-token'], aesKeys: 2 });
    await hub.accounts.countPreviousPushSecrets(platformId);
    expect(await hub.accounts.get(stage.db, componentAppid)).toMatchObject({
      previousPushSecrets: { validUntil: expect.any(Date), pushesOpened: 1, lastUsedAt: expect.any(Date) },
    });
    passed = 25 * 3600;
    await stage.pass(passed, [hub]);
    expect(await keys()).toEqual({ tokens: ['push-token'], aesKeys: 1 });
    expect(await hub.accounts.get(stage.db, componentAppid)).toMatchObject({ previousPushSecrets: null });
    await change({ token: Secret.of('new-token') });
    expect(await keys()).toEqual({ tokens: ['new-token', 'push-token'], aesKeys: 1 });
    expect(await hub.accounts.get(stage.db, componentAppid)).toMatchObject({
      previousPushSecrets: { pushesOpened: 0 },
    });
    await change({ endPreviousPushSecrets: true });
    expect(await keys()).toEqual({ tokens: ['new-token'], aesKeys: 1 });
    await change({ token: Secret.of('newer-token'), endPreviousPushSecrets: true });
    expect(await keys()).toEqual({ tokens: ['newer-token'], aesKeys: 1 });
  });

  it('are found by their appid in memory, also right after they were registered elsewhere', async () => {
    const other = await stage.process();
    expect(await other.accounts.ref('wx00000000000000f3')).toBeNull();
    const row = await stage.db.transaction((sql) => hub.accounts.create(sql, input('wx00000000000000f3')));
    const ref = await eventually('it is known', () => other.accounts.ref('wx00000000000000f3'));
    expect(ref).toEqual({ platformId: row.platformId, componentAppid: 'wx00000000000000f3' });
    expect(await other.accounts.refOf(row.platformId)).toEqual(ref);
    expect(await other.accounts.pushKeys('wx-not-there')).toBeNull();
  });

  it('are listed in pages', async () => {
    for (const last of ['1', '2', '3']) {
      await stage.db.transaction((sql) => hub.accounts.create(sql, input(`wx0000000000000a0${last}`)));
    }
    const all = await hub.accounts.list(stage.db, { limit: 10 });
    const first = await hub.accounts.list(stage.db, { limit: 2 });
    const rest = await hub.accounts.list(stage.db, { limit: 10, after: first.at(-1)!.platformId });
    expect([...first, ...rest]).toEqual(all);
    expect(all).toHaveLength(4);
  });
});
