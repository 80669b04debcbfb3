import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdempotencyKeys, type KeepAnswer } from '#libs/access';
import { routeList, takesIdempotencyKey } from '#libs/contract';
import { Database, Sealer, KeyRing, Ticks } from '#libs/kernel';
import { Gate, eventually, lockAwaited, testLog } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxidempotent';
const base = `/v1/platforms/${PLATFORM}`;
let world: HubWorld;
let count = 0;

beforeAll(async () => {
  world = await HubWorld.start({ WEBHOOK_NETWORKS: '127.0.0.0/8' });
  await world.platform(PLATFORM);
}, 120_000);
afterAll(() => world.stop());

const newKey = () => `key ${(count += 1)}`;
const post = (
  path: string,
  body: unknown,
  key: string,
  more: { by?: string; hub?: Parameters<HubWorld['call']>[3] } = {},
) =>
  world.call(
    'POST',
    path,
    { body, headers: { 'idempotency-key': key }, ...(more.by === undefined ? {} : { key: more.by }) },
    more.hub,
  );
const apiKeys = async () => (await world.db.query<{ count: number }>('SELECT count(*) FROM access.api_key'))[0]?.count;

describe('a request with an Idempotency-Key', () => {
  it('that is repeated creates nothing and gets the same answer, from any process', async () => {
    const key = newKey();
    const body = { name: 'till', scopes: ['authorizers:read'] };
    const first = await post(`${base}/api-keys`, body, key);
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const made = await apiKeys();
    const other = await world.addHub();
    // The order of members is not part of what is asked.
    const again = await post(`${base}/api-keys`, { scopes: body.scopes, name: body.name }, key, { hub: other });
    // The key itself is shown once.
    expect(first.body['key']).toMatch(/^wxf_/);
    expect([again.status, again.body]).toEqual([201, { ...first.body, key: null }]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
    expect(await apiKeys()).toBe(made);
  });

  it('keeps status and body where one of several statuses was answered', async () => {
    await world.miniProgram(PLATFORM, 'wxshop');
    const key = newKey();
    const path = `${base}/authorizers/wxshop/snapshots`;
    const first = await post(path, {}, key);
    // By itself a second look would find the same domains: 200.
    const again = await post(path, {}, key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect((await world.call('POST', path)).status).toBe(200);
  });

  it('keeps no secret in the clear', async () => {
    const created = await post(`${base}/api-keys`, { name: 'secret', scopes: ['authorizers:read'] }, newKey());
    const webhook = await post(`${base}/webhook-endpoints`, { url: 'https://127.0.0.1:9/x' }, newKey());
    const password = 'Correct horse battery staple 17';
    const user = { username: 'idempotent', password, role: 'admin', component_appid: PLATFORM };
    expect((await post('/v1/users', user, newKey())).status).toBe(201);
    expect([created.status, webhook.status]).toEqual([201, 201]);
    const rows = await world.db.query<{ row: string; request: Buffer; answer: Buffer }>(
      'SELECT k::text AS row, sealed_request AS request, sealed_answer AS answer FROM access.idempotency_key k',
    );
    expect(rows.length).toBeGreaterThan(3);
    const stored = rows.map(({ row, request, answer }) => row + request.toString('latin1') + answer.toString('latin1'));
    for (const secret of [created.body['key'], webhook.body['secret'], password, 'key 1']) {
      expect(stored.filter((text) => text.includes(String(secret)))).toEqual([]);
    }
  });

  it('refuses another body, another path and a key that is none', async () => {
    const key = newKey();
    await post(`${base}/merchants`, { merchant_id: 'k1', name: 'One' }, key);
    const reused = { status: 409, body: { code: 'idempotency_conflict' } };
    expect(await post(`${base}/merchants`, { merchant_id: 'k1', name: 'Two' }, key)).toMatchObject(reused);
    expect(await post(`${base}/api-keys`, { name: 'x', scopes: ['authorizers:read'] }, key)).toMatchObject(reused);
    for (const bad of ['', 'x'.repeat(201), 'schl\u00fcssel']) {
      expect(await post(`${base}/merchants`, { merchant_id: 'k2', name: 'One' }, bad)).toMatchObject({
        status: 400,
        body: { errors: [{ in: 'header', path: 'Idempotency-Key' }] },
      });
    }
  });

  it('is of one caller and one platform', async () => {
    const key = newKey();
    const body = { name: 'same', scopes: ['authorizers:read'] };
    const by = await world.apiKey(PLATFORM);
    const [one, two] = [await post(`${base}/api-keys`, body, key), await post(`${base}/api-keys`, body, key, { by })];
    expect(two.body['id']).not.toBe(one.body['id']);
    await world.platform('wxidempotent2');
    const elsewhere = await post('/v1/platforms/wxidempotent2/api-keys', body, key);
    expect([elsewhere.status, elsewhere.body['id'] !== one.body['id']]).toEqual([201, true]);
  });

  it('that failed is tried again', async () => {
    const key = newKey();
    const link = { merchant_id: 'later', page: 'pc' };
    expect((await post(`${base}/authorization-links`, link, key)).status).toBe(400);
    await world.merchant(PLATFORM, 'later');
    expect((await post(`${base}/authorization-links`, link, key)).status).toBe(201);
  });

  it('answers 409 with Retry-After while the first one is running', async () => {
    await world.miniProgram(PLATFORM, 'wxslow');
    const gate = new Gate();
    const release = world.simulator.world.onCall(async (call) => {
      if (call.path === '/wxa/get_effective_domain') await gate.pass();
    });
    const key = newKey();
    const path = `${base}/authorizers/wxslow/snapshots`;
    const first = post(path, {}, key);
    await gate.waiting;
    const second = await post(path, {}, key);
    expect(second).toMatchObject({ status: 409, body: { code: 'idempotency_key_in_use' } });
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    gate.release();
    release();
    const { body } = await first;
    expect((await post(path, {}, key)).body).toEqual(body);
  });

  it('is done once by many at the same moment', async () => {
    const key = newKey();
    const body = { name: 'race', scopes: ['authorizers:read'] };
    const made = await apiKeys();
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(`${base}/api-keys`, body, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([201, 409].slice(0, answers.some((a) => a.status === 409) ? 2 : 1)),
    );
    expect(new Set(answers.filter(({ status }) => status === 201).map((answer) => answer.body['id'])).size).toBe(1);
    expect(await apiKeys()).toBe((made as number) + 1);
  });

  it('is taken over when its process has ended, and forgotten after 24 hours', async () => {
    const { log } = testLog();
    const keys = new IdempotencyKeys(
      world.db,
      new Sealer(KeyRing.parse(world.masterKeys)),
      log,
      new Ticks({ roles: new Set(['worker']) } as never, log),
    );
    const owner = { platformId: 0, actor: 'operator:spec' };
    const answer = (body: string) => ({ status: 201, headers: {}, body });
    void keys.run(owner, 'dead', 'request', () => new Promise(() => undefined));
    await eventually('claimed', async () => {
      const rows = await world.db.query(`SELECT FROM access.idempotency_key WHERE actor = 'operator:spec'`);
      return rows.length === 1;
    });
    const again = () => keys.run(owner, 'dead', 'request', async () => answer('"again"'));
    await expect(again()).rejects.toMatchObject({ code: 'idempotency_key_in_use' });
    await world.db.run(`UPDATE access.idempotency_key SET lease_until = wxfleet.now() WHERE actor = 'operator:spec'`);
    expect(await again()).toEqual({ answer: answer('"again"'), isReplayed: false });
    expect(await again()).toEqual({ answer: answer('"again"'), isReplayed: true });
    await world.db.run(
      `UPDATE access.idempotency_key SET created_at = created_at - interval '25 hours' WHERE actor = 'operator:spec'`,
    );
    const other = await keys.run(owner, 'dead', 'another request', async () => answer('"other"'));
    expect(other).toEqual({ answer: answer('"other"'), isReplayed: false });
    expect(await keys.prune()).toBe(0);
    await world.db.run(
      `UPDATE access.idempotency_key SET created_at = created_at - interval '25 hours' WHERE actor = 'operator:spec'`,
    );
    expect(await keys.prune()).toBe(1);
  });

  it('is described for every operation that creates something', async () => {
    const document = (await world.call('GET', '/openapi.json', { key: null })).body as {
      paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
    };
    const creating = routeList.filter(
      (route) => route.method === 'POST' && route.scope !== 'public' && 201 in route.replies,
    );
    expect(creating.length).toBeGreaterThan(8);
    for (const route of creating) {
      expect(takesIdempotencyKey(route)).toBe(true);
      const { parameters } = document.paths[route.path]!['post']!;
      expect([route.path, parameters.some((one) => one.name === 'Idempotency-Key' && one.in === 'header')]).toEqual([
        route.path,
        true,
      ]);
    }
  });
});

/** Operations whose work is one transaction, and what they are asked. */
const IN_ONE_TRANSACTION: Record<string, [path: () => string, body?: unknown]> = {
  createPlatform: [
    () => '/v1/platforms',
    {
      component_appid: 'wxidempotent9',
      component_appsecret: 'a'.repeat(32),
      token: 'token',
      encoding_aes_key: 'A'.repeat(43),
      name: 'Nine',
    },
  ],
  createMerchant: [() => `${base}/merchants`, { merchant_id: 'killed', name: 'Killed' }],
  createAuthorizationLink: [() => `${base}/authorization-links`, { merchant_id: 'killed', page: 'pc' }],
  createApiKey: [() => `${base}/api-keys`, { name: 'killed', scopes: ['authorizers:read'] }],
  rotateApiKey: [() => `${base}/api-keys/${made.keyId}/rotations`, {}],
  startReconciliation: [() => `${base}/reconciliations`, {}],
  startSweep: [() => `${base}/sweeps`],
  createUser: [
    () => '/v1/users',
    { username: 'killed', password: 'Correct horse battery staple 18', role: 'viewer', component_appid: PLATFORM },
  ],
  startRetention: [() => `${base}/retention-runs`, { keep_all: 'P400D', thin_to: 'P1D' }],
  startMasterKeyRotation: [() => '/v1/master-key-rotations'],
  createWebhookEndpoint: [() => `${base}/webhook-endpoints`, { url: 'https://127.0.0.1:9/killed' }],
  rotateWebhookSecret: [() => `${base}/webhook-endpoints/${made.endpointId}/secret-rotations`, { overlap: 'PT1H' }],
  retryDelivery: [() => `${base}/webhook-endpoints/${made.endpointId}/deliveries/${made.deliveryId}/retries`],
  startReplay: [
    () => `${base}/webhook-endpoints/${made.endpointId}/replays`,
    { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', only: 'all', dry_run: false },
  ],
};
/** Those that cannot store their answer with their work; `docs/operations.md` says what a repetition of each does. */
const ELSEWHERE = ['takeSnapshot', 'takeWechatIpSnapshot', 'confirmWechatIpCandidate', 'replayPush'];
const made = { keyId: '', endpointId: '', deliveryId: '' };

describe('a process that ends between the work and its answer', () => {
  /** @param when of an UPDATE that stores an answer: what makes it fail */
  async function answersCannotBeStored(when: string): Promise<() => Promise<void>> {
    await world.db.runScript(`
      CREATE FUNCTION public.ended() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the process has ended'; END $$;
      CREATE TRIGGER ended BEFORE UPDATE OF sealed_answer ON access.idempotency_key
        FOR EACH ROW WHEN (NEW.sealed_answer IS NOT NULL AND ${when}) EXECUTE FUNCTION public.ended()`);
    return () => world.db.runScript('DROP FUNCTION public.ended() CASCADE');
  }
  const asOthersLater = () => world.db.run('UPDATE access.idempotency_key SET lease_until = wxfleet.now()');

  beforeAll(async () => {
    made.keyId = (await post(`${base}/api-keys`, { name: 'old', scopes: ['authorizers:read'] }, newKey())).body[
      'id'
    ] as string;
    const endpoint = await post(`${base}/webhook-endpoints`, { url: 'https://127.0.0.1:9/old' }, newKey());
    made.endpointId = endpoint.body['id'] as string;
    const [delivery] = await world.db.query<{ id: number }>(
      `WITH event AS (
         INSERT INTO events.event (platform_id, type, occurred_at, data)
         SELECT platform_id, 'platform.ticket_stale', now(), '{}' FROM custody.component_account
          WHERE component_appid = $1 RETURNING platform_id, type)
       INSERT INTO events.delivery (platform_id, endpoint_id, seq, type, authorizer_appid, trigger, state, finished_at)
       SELECT platform_id, $2, 1, type, NULL, 'event', 'failed', now() FROM event RETURNING delivery_id AS id`,
      [PLATFORM, made.endpointId],
    );
    made.deliveryId = String(delivery?.id);
  });

  it('is meant by every operation that takes the header', () => {
    const taking = routeList.filter(takesIdempotencyKey).map(({ id }) => id as string);
    expect([...Object.keys(IN_ONE_TRANSACTION), ...ELSEWHERE].sort()).toEqual(taking.sort());
  });

  it.each(Object.entries(IN_ONE_TRANSACTION))('has kept the answer of %s', async (_, [path, body]) => {
    const key = newKey();
    // What a killed process does not come to: everything outside of the transaction of the work.
    const comeBack = await answersCannotBeStored("current_user = 'wxfleet_worker'");
    const first = await post(path(), body, key);
    await comeBack();
    expect([first.text, first.status === 201 || first.status === 202]).toEqual([first.text, true]);
    await asOthersLater();
    const again = await post(path(), body, key);
    const secrets = Object.keys(first.body).filter((name) => ['key', 'secret'].includes(name));
    const shown = { ...first.body, ...Object.fromEntries(secrets.map((name) => [name, null])) };
    expect([again.status, again.body]).toEqual([first.status, shown]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('or before the answer is stored, has done nothing', async () => {
    const key = newKey();
    const body = { name: 'undone', scopes: ['authorizers:read'] };
    const before = await apiKeys();
    const comeBack = await answersCannotBeStored('true');
    expect((await post(`${base}/api-keys`, body, key)).status).toBe(500);
    await comeBack();
    expect(await apiKeys()).toBe(before);
    await asOthersLater();
    expect((await post(`${base}/api-keys`, body, key)).status).toBe(201);
    expect(await apiKeys()).toBe((before as number) + 1);
  });

  const owner = { platformId: 0, actor: 'operator:paused' };
  const answer = (body: string) => ({ status: 201, headers: {}, body });
  const keysOf = () => {
    const { log } = testLog();
    const sealer = new Sealer(KeyRing.parse(world.masterKeys));
    return new IdempotencyKeys(world.db, sealer, log, new Ticks({ roles: new Set(['worker']) } as never, log));
  };

  it('does not come back to work that another one has done meanwhile', async () => {
    const keys = keysOf();
    await world.db.runScript('CREATE TABLE public.work (by text)');
    const workOf = (by: string) => (keep: KeepAnswer) =>
      world.db.transaction(async (sql) => {
        await sql.run('INSERT INTO public.work VALUES ($1)', [by]);
        await keep(sql, answer(by));
        return answer(by);
      });
    const paused = keys.run(owner, 'paused', 'request', async (keep) => {
      await asOthersLater();
      await keys.run(owner, 'paused', 'request', workOf('"second"'));
      return workOf('"first"')(keep);
    });
    await expect(paused).rejects.toMatchObject({ code: 'idempotency_key_in_use' });
    expect(await world.db.query('SELECT by FROM public.work')).toEqual([{ by: '"second"' }]);
    const replayed = await keys.run(owner, 'paused', 'request', () => Promise.reject(new Error('done twice')));
    expect(replayed).toEqual({ answer: answer('"second"'), isReplayed: true });
    await world.db.runScript('DROP TABLE public.work');
  });

  it('is not overtaken while its transaction is being committed', async () => {
    const keys = keysOf();
    const stored = new Gate();
    const first = keys.run(owner, 'committing', 'request', async (keep) => {
      await asOthersLater();
      return world.db.transaction(async (sql) => {
        await keep(sql, answer('"first"'));
        await stored.pass();
        return answer('"first"');
      });
    });
    await stored.waiting;
    const second = keys.run(owner, 'committing', 'request', () => Promise.reject(new Error('done twice')));
    const onlooker = await Database.open({ url: world.test.url });
    await lockAwaited('the second waits for the first', onlooker);
    await onlooker.close();
    stored.release();
    expect(await first).toEqual({ answer: answer('"first"'), isReplayed: false });
    expect(await second).toEqual({ answer: answer('"first"'), isReplayed: true });
  });
});

describe('a merchant id that exists', () => {
  it('with the same name is there already, with another name it conflicts', async () => {
    const merchant = { merchant_id: 'twice', name: 'Twice' };
    const path = `${base}/merchants`;
    const first = await world.call('POST', path, { body: merchant });
    expect(first.status).toBe(201);
    const again = await world.call('POST', path, { body: merchant });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(await world.call('POST', path, { body: { ...merchant, name: 'Other' } })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    const events = await world.db.query(
      `SELECT FROM access.audit_event WHERE action = 'merchant.created' AND subject = 'merchant:twice'`,
    );
    expect(events).toHaveLength(1);
  });
});
