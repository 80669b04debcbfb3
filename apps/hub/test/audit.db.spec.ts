import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrail } from '#libs/access';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const base = `/v1/platforms/${PLATFORM}`;
const SHOP = 'wxshop0000000001';

interface Event {
  actor: string;
  action: string;
  subject: string | null;
  merchant_id: string | null;
  outcome: string;
  address: string | null;
  count: number;
}
interface Page {
  items: Event[];
  next_cursor: string | null;
}

describe('the audit trail over REST', () => {
  let world: HubWorld;
  let key: string;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.merchant(PLATFORM, 'm2');
    await world.miniProgram(PLATFORM, SHOP, { merchantId: 'm1' });
    key = await world.apiKey(PLATFORM);
  }, 60_000);
  afterAll(() => world.stop());

  const events = async (query = '', asker = key) =>
    (await world.call<Page>('GET', `${base}/audit-events${query}`, { key: asker })).body.items;

  it('says who did what on what, on whose behalf, from where, and how it ended', async () => {
    await world.call('PATCH', `${base}/merchants/m1`, { key, body: { name: 'One' } });
    const [event] = await events('?action=merchant.renamed');
    expect(event).toMatchObject({
      actor: expect.stringMatching(/^api_key:key_/),
      action: 'merchant.renamed',
      subject: 'merchant:m1',
      merchant_id: 'm1',
      outcome: 'ok',
      address: '127.0.0.1',
      count: 1,
      detail: { name: 'One' },
    });
    expect(await events('?subject=merchant:m2')).toMatchObject([{ action: 'merchant.created' }]);
  });

  it('shows a key that is limited to a merchant what was done on behalf of that merchant', async () => {
    const limited = await world.apiKey(PLATFORM, { merchantIds: ['m2'] });
    const seen = await events('', limited);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen.map((event) => event.merchant_id))).toEqual(new Set(['m2']));
  });

  it('names the merchant that an account was taken from, to those who may know', async () => {
    for (const merchant_id of ['m2', null]) {
      await world.call('PATCH', `${base}/authorizers/${SHOP}`, { key, body: { merchant_id } });
    }
    const assignments = async (asker: string) =>
      (await events(`?subject=authorizer:${SHOP}`, asker))
        .filter(({ action }) => action.startsWith('authorizer.'))
        .map(({ action, merchant_id }) => [action, merchant_id]);
    const all = [
      ['authorizer.assigned', null],
      ['authorizer.unassigned', 'm2'],
      ['authorizer.assigned', 'm2'],
      ['authorizer.unassigned', 'm1'],
      ['authorizer.assigned', 'm1'],
    ];
    expect(await assignments(key)).toEqual(all);
    const limited = await world.apiKey(PLATFORM, { merchantIds: ['m2'] });
    expect(await assignments(limited)).toEqual(all.slice(1, 3));
  });

  it('keeps what was refused to a known caller', async () => {
    const weak = await world.apiKey(PLATFORM, { scopes: ['authorizers:read'] });
    await world.call('PATCH', `${base}/merchants/m1`, { key: weak, body: { name: 'x' } });
    await world.call('PATCH', `${base}/merchants/m1`, { key: weak, body: { name: 'x' } });
    await world.hub.get(AuditTrail).flush();
    // One event or two: the tick that writes what was counted may have come in between.
    const refused = await events('?action=updateMerchant.refused');
    expect(refused.map(({ outcome }) => outcome)).toEqual(refused.map(() => 'forbidden'));
    expect(refused.reduce((sum, { count }) => sum + Number(count), 0)).toBe(2);
  });

  it('comes as CSV, all of it, the same as in pages', async () => {
    const { db } = world;
    await db.run(
      `INSERT INTO access.audit_event (platform_id, actor, action, subject, outcome, detail)
       SELECT (SELECT platform_id FROM custody.component_account), 'operator:x', 'many', '=cmd|' || n, 'ok', '{"a":"b,\\"c"}'
         FROM generate_series(1, 2500) n`,
    );
    const answer = await world.call('GET', `${base}/audit-events?action=many`, {
      key,
      headers: { accept: 'text/csv' },
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const lines = answer.text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('id,at,actor,action,subject,merchant_id,outcome,address,count,detail');
    expect(lines).toHaveLength(2501);
    expect(lines[1]).toMatch(/^\d+,[^,]+,operator:x,many,'=cmd\|2500,,ok,,1,"\{""a"":""b,\\""c""\}"$/);
  });

  it('is checked by the operator, and by nobody else', async () => {
    expect((await world.call('GET', '/v1/audit-chain', { key })).status).toBe(403);
    await world.hub.get(AuditTrail).flush();
    await world.hub.get(AuditTrail).link();
    const sound = await world.call<{ head: { seq: number; hash: string } }>('GET', '/v1/audit-chain?limit=20000');
    expect(sound.body).toMatchObject({ problems: [], waiting: 0, next_cursor: null });
    await world.db.run(`DELETE FROM access.audit_event WHERE action = 'merchant.renamed'`);
    const { seq, hash } = sound.body.head;
    const broken = await world.call('GET', `/v1/audit-chain?limit=20000&expect_seq=${seq}&expect_hash=${hash}`);
    expect(broken.body).toMatchObject({ problems: [{ kind: 'removed', event_id: null }] });
  });
});
