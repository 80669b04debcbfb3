import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { Metrics, WORKER_ROLE, loadSettings, type Database, type Sealer } from '#libs/kernel';
import { Gate, Receiver, cloneDatabase, eventually, testLog, testSealer, type TestDatabase } from '#libs/testing';
import { testSequencer, testTicks } from '../../test/sequencer.ts';
import { EventsOptions } from '../events-options.ts';
import { EventWriter, type NewEvent } from '../feed/event-writer.ts';
import { DeliveryWorker } from './delivery-worker.ts';
import { HttpSender } from './http-sender.ts';
import { TargetPolicy } from './target-policy.ts';
import { ACCOUNTS_OUTSIDE, GIVE_UP_LOST } from './webhooks.sql.ts';
import { WebhookEndpoints, type NewEndpoint } from './webhook-endpoints.ts';

const PLATFORM = 1;
const { settings } = loadSettings({});

describe('deliveries', () => {
  let test: TestDatabase;
  let db: Database;
  let sealer: Sealer;
  let endpoints: WebhookEndpoints;
  let worker: DeliveryWorker;
  let receiver: Receiver;
  let senders: HttpSender[] = [];
  const { log, lines } = testLog();
  const writer = new EventWriter();
  const options = Object.assign(new EventsOptions(), { networks: ['127.0.0.0/8'] });

  function sender(): HttpSender {
    const made = new HttpSender(new TargetPolicy(options), options);
    senders.push(made);
    return made;
  }
  const workerOn = (on: Database, more: Partial<EventsOptions> = {}) =>
    new DeliveryWorker(
      on,
      sealer,
      sender(),
      writer,
      Object.assign(new EventsOptions(), options, more),
      log,
      new Metrics(),
      settings,
      testTicks(),
    );

  beforeEach(async () => {
    test = await cloneDatabase({ poolSize: 16 });
    db = await test.another();
    db.actAs(WORKER_ROLE);
    sealer = testSealer();
    endpoints = new WebhookEndpoints(db, sealer, new TargetPolicy(options), sender(), options);
    worker = workerOn(db);
    receiver = await Receiver.start();
    await db.run(
      `INSERT INTO custody.component_account (platform_id, component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
       OVERRIDING SYSTEM VALUE VALUES ($1, 'wxplatform', 'n', '\\x00', '\\x00', '\\x00')`,
      [PLATFORM],
    );
  });
  afterEach(async () => {
    await worker.onApplicationShutdown();
    await Promise.all(senders.splice(0).map((each) => each.onApplicationShutdown()));
    senders = [];
    await receiver.stop();
    await test.drop();
  });

  const endpoint = (more: Partial<NewEndpoint> = {}) =>
    endpoints.create(db, PLATFORM, {
      url: receiver.url,
      description: null,
      eventTypes: null,
      merchantIds: null,
      ordering: 'per_authorizer',
      format: 'standard',
      signature: 'v1',
      maxPerSecond: null,
      start: 'now',
      createdBy: 'spec',
      ...more,
    });
  const event = (path: string, appid = 'wx-a', merchantId: string | null = 'm1'): NewEvent => ({
    platformId: PLATFORM,
    type: 'quota.parked',
    authorizerAppid: appid,
    merchantId,
    data: { path, until: null },
  });
  const write = async (...events: NewEvent[]) => {
    await db.transaction((sql) => writer.write(sql, events));
    await testSequencer(db).extend();
  };
  const paths = () => receiver.bodies.map(({ data }) => data['path']);
  const deliveries = async (id: string) =>
    (await endpoints.deliveries(db, PLATFORM, id, { limit: 100 })).items.reverse();
  const later = async (seconds: number) => {
    db.travel(`${seconds} seconds`);
    await worker.drainOnce();
  };

  it('reach an endpoint in the order of each account, signed so that two other libraries verify them', async () => {
    const { secret } = await endpoint();
    await write(event('/1'), event('/2', 'wx-b'), event('/3'), event('/4', 'wx-b'));
    await worker.drainOnce();
    expect(paths().sort()).toEqual(['/1', '/2', '/3', '/4']);
    const of = (appid: string) =>
      receiver.bodies.filter((body) => body.authorizer_appid === appid).map(({ sequence }) => sequence);
    expect([of('wx-a'), of('wx-b')]).toEqual([
      [1, 3],
      [2, 4],
    ]);
    for (const { headers, body } of receiver.received) {
      const signed = headers as Record<string, string>;
      for (const Library of [StandardWebhook, SvixWebhook])
        expect(new Library(secret as string).verify(body, signed)).toEqual(JSON.parse(body));
      expect(headers['webhook-id']).toBe(`evt_wxplatform_${(JSON.parse(body) as { id: string }).id}`);
    }
  });

  it('are signed with both secrets while a rotation lasts, and with the new one after it', async () => {
    const { view, secret: before } = await endpoint();
    const rotated = await db.transaction((sql) => endpoints.rotate(sql, PLATFORM, view.id, 3600));
    await write(event('/1'));
    await worker.drainOnce();
    const [first] = receiver.received;
    const verify = (secret: string, received: typeof first) =>
      new StandardWebhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>);
    for (const secret of [before, rotated?.secret]) expect(verify(secret as string, first)).toMatchObject({ id: '1' });
    db.travel('2 hours');
    await write(event('/2'));
    await worker.drainOnce();
    const second = receiver.received[1];
    expect(verify(rotated?.secret as string, second)).toMatchObject({ id: '2' });
    expect(() => verify(before as string, second)).toThrow();
    // Nothing of a secret is in the database in the clear.
    const dump = JSON.stringify(await db.query('SELECT w::text FROM events.webhook_endpoint w'));
    expect(dump).not.toContain((before as string).slice(6));
  });

  it('go to endpoints whose filter matches, and never to one of another merchant', async () => {
    const all = await endpoint({ description: 'all' });
    const ofOne = await endpoint({ merchantIds: ['m1'] });
    const ofType = await endpoint({ eventTypes: ['sweep.*', 'domains.first_seen'] });
    const firstSeen: NewEvent = {
      platformId: PLATFORM,
      type: 'domains.first_seen',
      authorizerAppid: 'wx-a',
      merchantId: 'm1',
      data: { snapshot_id: '1', groups: [] },
    };
    await write(event('/1', 'wx-a', 'm1'), event('/2', 'wx-b', 'm2'), event('/3', 'wx-c', null), firstSeen);
    await worker.drainOnce();
    const events = async (id: string) => (await deliveries(id)).map((delivery) => delivery.event_id);
    expect(await events(all.view.id)).toEqual(['1', '2', '3']);
    expect(await events(ofOne.view.id)).toEqual(['1']);
    expect(await events(ofType.view.id)).toEqual(['4']);
  });

  it('go on when one ends while the database is asked what is due', async () => {
    const { view } = await endpoint();
    const gate = new Gate();
    receiver.answer = async (_, no) => {
      if (no === 1) await gate.pass();
      return 200;
    };
    await write(event('/1'), event('/2'));
    const run = db.run.bind(db);
    let asked = 0;
    db.run = async (...args: Parameters<typeof run>) => {
      // Nothing was due beside the one on its way, which is delivered before the drain gets to know so.
      if (args[0] === GIVE_UP_LOST && (asked += 1) === 1) {
        gate.release();
        await eventually('the delivery of /1', async () => (await deliveries(view.id))[0]?.state === 'delivered');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return run(...args);
    };
    await worker.drainOnce();
    expect(asked).toBeGreaterThan(0);
    expect(paths()).toEqual(['/1', '/2']);
  });

  it('are tried again on the schedule, with every attempt on record; later events of the account wait, others do not', async () => {
    const { view } = await endpoint();
    receiver.answer = ({ body }, no) =>
      body.includes('"/1"') && no <= 2 ? { status: 503, body: 'busy', headers: { 'retry-after': '40' } } : 200;
    await write(event('/1'), event('/2'), event('/3', 'wx-b'));
    await worker.drainOnce();
    expect(paths()).toEqual(expect.arrayContaining(['/1', '/3']));
    expect(paths()).not.toContain('/2');
    const firstDelivery = (await deliveries(view.id))[0];
    expect(firstDelivery).toMatchObject({ state: 'pending', attempts: 1, last_status: 503 });
    await later(30);
    expect(paths()).not.toContain('/2'); // Retry-After asked for 40 s
    receiver.answer = () => 200;
    await later(60);
    expect(paths().slice(-2)).toEqual(['/1', '/2']);
    const detail = await endpoints.delivery(db, PLATFORM, view.id, Number(firstDelivery?.id));
    expect(detail).toMatchObject({
      state: 'delivered',
      attempt_log: [
        { no: 1, status: 503, response_excerpt: 'busy', address: '127.0.0.1' },
        { no: 2, status: 200 },
      ],
    });
    const ids = receiver.received
      .filter(({ body }) => body.includes('"/1"'))
      .map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  it('are accepted in the order of each account, whatever is refused and however they are fetched', async () => {
    let hours = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 60 }),
        async (rounds, refusals) => {
          const { view } = await endpoint();
          const before = receiver.received.length;
          const accepted: { appid: string | null; sequence: number }[] = [];
          receiver.answer = async ({ body }, no) => {
            await new Promise((resolve) => setTimeout(resolve, no % 3));
            // The first few requests are refused as the script says, later ones are not.
            if ((refusals[no - before - 1] ?? 0) > 60) return 503;
            const { authorizer_appid: appid, sequence } = JSON.parse(body) as (typeof receiver.bodies)[0];
            accepted.push({ appid, sequence });
            return 200;
          };
          let n = 0;
          for (const accounts of rounds) {
            await write(...accounts.map((account) => event(`/${(n += 1)}`, `wx-${account}`)));
            await worker.drainOnce();
          }
          const unsent = async () =>
            (await db.query(`SELECT 1 FROM events.delivery WHERE endpoint_id = $1 AND state = 'pending'`, [view.id]))
              .length;
          try {
            while ((await unsent()) > 0) {
              hours += 3;
              db.travel(`${hours} hours`);
              await worker.drainOnce();
            }
          } finally {
            await endpoints.remove(db, PLATFORM, view.id);
          }
          expect(accepted).toHaveLength(n);
          for (const account of [0, 1, 2, 3]) {
            const sequence = accepted.filter(({ appid }) => appid === `wx-${account}`).map((each) => each.sequence);
            expect(sequence).toEqual([...sequence].sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 40, examples: [[[[0, 0, 0]], [0, 61, 0]]] },
    );
  }, 120_000);

  it('of thousands are all sent, a page of the table after the other', async () => {
    await endpoint();
    await write(...Array.from({ length: 3000 }, (_, n) => event(`/${n}`, `wx-${n % 6 === 0 ? 'same' : n}`)));
    await worker.drainOnce();
    expect(receiver.received).toHaveLength(3000);
    const same = receiver.bodies.filter(({ authorizer_appid: appid }) => appid === 'wx-same');
    expect(same.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 500 }, (_, n) => 6 * n + 1));
  }, 60_000);

  /** A worker that hears of events and keeps its endpoints. */
  const keeping = async (lingerMs = 60_000) => {
    const made = workerOn(db, { lingerMs });
    await made.onApplicationBootstrap();
    return made;
  };

  it('of an endpoint that is kept wait in the table too while an earlier one of their account waits', async () => {
    const { view } = await endpoint();
    const kept = await keeping();
    try {
      receiver.answer = ({ body }, no) =>
        body.includes('"/1"') && no === 1 ? { status: 503, headers: { 'retry-after': '600' } } : 200;
      await write(event('/1'));
      await eventually('a failure', async () => (await deliveries(view.id))[0]?.attempts === 1);
      await write(event('/2'), event('/3', 'wx-b'), event('/4'));
      await eventually('one of the other account', () => paths().includes('/3'));
      await write(event('/5', 'wx-b'));
      await eventually('one more of the other account', () => paths().includes('/5'));
      expect(paths()).toEqual(['/1', '/3', '/5']);
      db.travel('11 minutes');
      await eventually('all', () => paths().length === 6);
      expect(paths().slice(3)).toEqual(['/1', '/2', '/4']);
      // All by one claim.
      expect(await db.query('SELECT lease_generation AS n FROM events.webhook_endpoint')).toEqual([{ n: 1 }]);
    } finally {
      await kept.onApplicationShutdown();
    }
  });

  it('wait in the table when the one before fails while the drain asks what is there', async () => {
    await endpoint();
    const gate = new Gate();
    receiver.answer = async ({ body }, no) => {
      if (no === 1) await gate.pass();
      return body.includes('"/1"') && no === 1 ? { status: 503, headers: { 'retry-after': '600' } } : 200;
    };
    const query = db.query.bind(db) as (...args: unknown[]) => Promise<unknown[]>;
    let asked = 0;
    (db as { query: unknown }).query = async (...args: unknown[]) => {
      const answer = await query(...args);
      // The answer knows /1 as one on its way. It fails, which is written, before the drain has the answer.
      if (args[0] === ACCOUNTS_OUTSIDE && receiver.received.length === 1 && (asked += 1) === 1) {
        gate.release();
        const failed = 'SELECT 1 FROM events.delivery WHERE attempts = 1';
        await eventually('the failure', async () => (await query(failed)).length === 1);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return answer;
    };
    const kept = await keeping();
    try {
      await write(event('/1'));
      await eventually('the question', () => asked > 0);
      await write(event('/2'), event('/3', 'wx-b'));
      await eventually('one of the other account', () => paths().includes('/3'));
      expect(paths()).toEqual(['/1', '/3']);
      db.travel('11 minutes');
      await eventually('all', () => paths().length === 4);
      expect(paths().slice(2)).toEqual(['/1', '/2']);
    } finally {
      await kept.onApplicationShutdown();
    }
  });

  it('are accepted in the order of each account also when events come while others are being sent and refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            accounts: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 }),
            pauseMs: fc.nat({ max: 40 }),
          }),
          { minLength: 2, maxLength: 8 },
        ),
        fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 60 }),
        async (waves, refusals) => {
          const { view } = await endpoint();
          const kept = await keeping(300);
          const before = receiver.received.length;
          const accepted: { appid: string | null; sequence: number }[] = [];
          receiver.answer = async ({ body }, no) => {
            await new Promise((resolve) => setTimeout(resolve, no % 7));
            if ((refusals[no - before - 1] ?? 0) > 60) return 503;
            const { authorizer_appid: appid, sequence } = JSON.parse(body) as (typeof receiver.bodies)[0];
            accepted.push({ appid, sequence });
            return 200;
          };
          let n = 0;
          for (const { accounts, pauseMs } of waves) {
            await write(...accounts.map((account) => event(`/${(n += 1)}`, `wx-${account}`)));
            await new Promise((resolve) => setTimeout(resolve, pauseMs));
          }
          try {
            await eventually(
              'all deliveries',
              async () => {
                if (accepted.length >= n) return true;
                // The retries are now.
                await db.run(
                  `UPDATE events.delivery SET next_attempt_at = wxfleet.now() WHERE state = 'pending' AND attempts > 0`,
                );
                await kept.tick();
                return false;
              },
              30_000,
            );
          } finally {
            await kept.onApplicationShutdown();
            await endpoints.remove(db, PLATFORM, view.id);
          }
          expect(accepted).toHaveLength(n);
          for (const account of [0, 1, 2, 3]) {
            const sequence = accepted.filter(({ appid }) => appid === `wx-${account}`).map((each) => each.sequence);
            expect(sequence).toEqual([...sequence].sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 20 },
    );
  }, 180_000);

  it('of an endpoint that is kept make room for another one', async () => {
    const one = await endpoint({ eventTypes: ['quota.*'] });
    const kept = workerOn(db, { lingerMs: 60_000, drainsPerProcess: 1 });
    await kept.onApplicationBootstrap();
    try {
      await write(event('/1'));
      await eventually('the first', () => paths().includes('/1'));
      await endpoint({ eventTypes: ['quota.*'] });
      await endpoints.update(db, PLATFORM, one.view.id, { eventTypes: ['sweep.*'] });
      await write(event('/2'));
      await eventually('the second', () => paths().includes('/2'), 10_000);
    } finally {
      await kept.onApplicationShutdown();
    }
  });

  it('are given up after the last attempt, and retried once more when somebody asks', async () => {
    const { view } = await endpoint();
    receiver.answer = () => 500;
    await write(event('/1'));
    let shift = 0;
    for (let attempt = 1; attempt <= 10; attempt += 1) await later((shift += 104_000));
    const [given] = await deliveries(view.id);
    // Five days of failures have disabled the endpoint meanwhile.
    expect(await endpoints.get(db, PLATFORM, view.id)).toMatchObject({ state: 'disabled', disabled_reason: 'failing' });
    expect(given).toMatchObject({ state: 'failed', attempts: 10, last_status: 500 });
    await endpoints.update(db, PLATFORM, view.id, { state: 'enabled' });
    receiver.answer = () => 200;
    await endpoints.retry(db, PLATFORM, view.id, Number(given?.id));
    await worker.drainOnce();
    expect((await deliveries(view.id))[0]).toMatchObject({ state: 'delivered', attempts: 11 });
    await expect(endpoints.retry(db, PLATFORM, view.id, Number(given?.id))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('end with 410, which is told by log, metric, state and event; enabling goes on where it stopped', async () => {
    const { view } = await endpoint({ eventTypes: ['quota.*'] });
    const other = await endpoint({ eventTypes: ['webhook.*'], description: 'other' });
    receiver.answer = ({ body }) => (body.includes('"/1"') ? 410 : 200);
    await write(event('/1'));
    await worker.drainOnce();
    expect(await endpoints.get(db, PLATFORM, view.id)).toMatchObject({ state: 'disabled', disabled_reason: 'gone' });
    expect(lines.join('\n')).toContain('"level":"error","event":"webhook.disabled"');
    await write(event('/2'), event('/3'));
    await worker.drainOnce();
    expect(paths()).not.toContain('/2');
    expect((await deliveries(other.view.id)).map(({ type, state }) => [type, state])).toEqual([
      ['webhook.disabled', 'delivered'],
    ]);
    receiver.answer = () => 200;
    await endpoints.update(db, PLATFORM, view.id, { state: 'enabled' });
    await later(400);
    expect(receiver.bodies.filter(({ type }) => type === 'quota.parked').map(({ data }) => data['path'])).toEqual([
      '/1',
      '/1',
      '/2',
      '/3',
    ]);
  });

  it('are taken over when the process that held the endpoint is gone, with the same ids, and the late one writes nothing', async () => {
    const { view } = await endpoint({ ordering: 'none' });
    const gate = new Gate();
    receiver.answer = async (_, no) => {
      if (no <= 3) await gate.pass();
      return no <= 3 ? 500 : 200;
    };
    await write(event('/1'), event('/2'), event('/3'));
    const dying = worker.drainOnce();
    await eventually('three requests', () => receiver.received.length === 3);
    // The lease of the process that hangs ends; another one takes the endpoint.
    const other = await test.another();
    other.actAs(WORKER_ROLE);
    other.travel('1 minute');
    const second = workerOn(other);
    await second.drainOnce();
    expect((await deliveries(view.id)).map(({ state, attempts }) => [state, attempts])).toEqual(
      Array(3).fill(['delivered', 1]),
    );
    gate.release();
    await dying;
    expect((await deliveries(view.id)).map(({ state, attempts }) => [state, attempts])).toEqual(
      Array(3).fill(['delivered', 1]),
    );
    const count = new Map<string, number>();
    for (const { headers } of receiver.received) {
      const id = headers['webhook-id'] as string;
      count.set(id, (count.get(id) ?? 0) + 1);
    }
    expect([...count.values()]).toEqual([2, 2, 2]);
    await second.onApplicationShutdown();
  });

  it('go out once with several workers at work', async () => {
    const { view } = await endpoint({ ordering: 'none' });
    const others = await Promise.all([1, 2].map(() => test.another()));
    for (const other of others) other.actAs(WORKER_ROLE);
    const workers = [worker, ...others.map((other) => workerOn(other))];
    for (let round = 0; round < 5; round += 1) {
      await write(...Array.from({ length: 40 }, (_, n) => event(`/${round}/${n}`, `wx-${n}`)));
      await Promise.all(workers.map((each) => each.drainOnce()));
    }
    await worker.drainOnce();
    expect(new Set(paths()).size).toBe(200);
    expect(paths()).toHaveLength(200);
    expect((await endpoints.get(db, PLATFORM, view.id))?.waiting).toBe(0);
  });

  it('to an endpoint that hangs keep no other endpoint waiting', async () => {
    const hanging = await Receiver.start();
    hanging.answer = () => 'hang';
    const slow = await endpoint({ url: hanging.url, ordering: 'none' });
    await endpoint({ ordering: 'none' });
    const impatient = workerOn(db, { attemptTimeoutMs: 1500 });
    await write(...Array.from({ length: 30 }, (_, n) => event(`/${n}`, `wx-${n}`)));
    const drained = impatient.drainOnce();
    await eventually('all of the other', () => receiver.received.length === 30, 5000);
    expect((await deliveries(slow.view.id)).every(({ state }) => state === 'pending')).toBe(true);
    await impatient.onApplicationShutdown();
    await drained;
    await hanging.stop();
  });

  it('are sent again by a replay: by id or by time, counted first, with a filter, and without a cap', async () => {
    const { view } = await endpoint();
    await write(...Array.from({ length: 1200 }, (_, n) => event(`/${n}`, `wx-${n}`)));
    await worker.drainOnce();
    expect(receiver.received).toHaveLength(1200);
    const replay = (more: object) =>
      endpoints.replay(db, PLATFORM, view.id, {
        range: { after: 0, until: 1200 },
        types: null,
        authorizerAppids: null,
        only: 'all',
        isDryRun: false,
        createdBy: 'spec',
        ...more,
      });
    expect(await replay({ isDryRun: true })).toEqual({ id: null, matched: 1200 });
    expect(await replay({ isDryRun: true, only: 'undelivered' })).toEqual({ id: null, matched: 0 });
    expect((await replay({ isDryRun: true, authorizerAppids: ['wx-7'] })).matched).toBe(1);
    const past = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) };
    expect((await replay({ isDryRun: true, range: past, types: ['quota.*'] })).matched).toBe(1200);
    const { id } = await replay({});
    await worker.drainOnce();
    expect(await endpoints.replayView(db, PLATFORM, view.id, id as number)).toMatchObject({
      state: 'done',
      matched: 1200,
      queued: 1200,
      delivered: 1200,
      failed: 0,
    });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1200);
    expect(receiver.received).toHaveLength(2400);
  });

  it('are counted by hour as they are written: as many as the log has, whatever is refused, lost or told late', async () => {
    const { view } = await endpoint({ ordering: 'none' });
    const other = await endpoint({ eventTypes: ['sweep.*'] });
    const gate = new Gate();
    receiver.answer = async (_, no) => {
      if (no === 1) await gate.pass();
      return no % 3 === 0 ? 503 : 200;
    };
    await write(...Array.from({ length: 700 }, (_, n) => event(`/${n}`, `wx-${n}`)));
    // The process that sends the first loses its lease meanwhile: what it writes late does not count.
    const late = worker.drainOnce();
    await eventually('a request', () => receiver.received.length > 0);
    await db.run('UPDATE events.webhook_endpoint SET lease_until = NULL WHERE endpoint_id = $1', [view.id]);
    const second = workerOn(db);
    await second.drainOnce();
    gate.release();
    await late;
    await db.run(`UPDATE events.delivery SET next_attempt_at = wxfleet.now() WHERE state = 'pending'`);
    await worker.drainOnce();
    const [log] = await db.query<{ delivered: number; failed: number }>(
      `SELECT count(*) FILTER (WHERE status = 200)::int AS delivered, count(*) FILTER (WHERE status <> 200)::int AS failed
         FROM events.delivery_attempt WHERE endpoint_id = $1`,
      [view.id],
    );
    expect(log?.failed).toBeGreaterThan(100);
    expect(log?.delivered).toBeGreaterThan(600);
    const counted = await endpoints.attemptHours(db, PLATFORM, view.id, {});
    expect(counted).toMatchObject({ ...log });
    expect(counted.items.reduce((sum, { delivered, failed }) => sum + delivered + failed, 0)).toBe(
      (log?.delivered ?? 0) + (log?.failed ?? 0),
    );
    expect(await endpoints.attemptHours(db, PLATFORM, other.view.id, {})).toMatchObject({
      delivered: 0,
      failed: 0,
      items: [],
    });
    await second.onApplicationShutdown();
  });

  it('are counted in their hours, which a question may begin within; they go with the endpoint and with time', async () => {
    const { view } = await endpoint();
    const row = (hour: string, delivered: number, failed: number) =>
      db.run('INSERT INTO events.attempt_hour VALUES ($1, $2, $3, $4, $5)', [
        PLATFORM,
        view.id,
        hour,
        delivered,
        failed,
      ]);
    await row('2026-03-01T07:00:00Z', 5, 0);
    await row('2026-03-01T08:00:00Z', 7, 2);
    await row('2026-03-02T08:00:00Z', 1, 0);
    const of = (from: string, to: string) =>
      endpoints.attemptHours(db, PLATFORM, view.id, { from: new Date(from), to: new Date(to) });
    expect(await of('2026-03-01T08:59:59Z', '2026-03-02T08:00:00Z')).toEqual({
      from: '2026-03-01T08:00:00.000Z',
      to: '2026-03-02T08:00:00.000Z',
      delivered: 7,
      failed: 2,
      items: [{ hour: '2026-03-01T08:00:00.000Z', delivered: 7, failed: 2 }],
    });
    expect(await of('2026-03-01T00:00:00Z', '2026-03-02T08:00:01Z')).toMatchObject({ delivered: 13, failed: 2 });
    await expect(of('2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(of('2026-03-01T00:00:00Z', '2026-04-02T00:00:00Z')).rejects.toMatchObject({ code: 'invalid_request' });
    await endpoint();
    await row(new Date().toISOString(), 1, 0);
    await worker.pruneTick();
    const hours = () => db.query<{ n: number }>('SELECT count(*)::int AS n FROM events.attempt_hour');
    expect(await hours()).toEqual([{ n: 1 }]);
    await endpoints.remove(db, PLATFORM, view.id);
    expect(await hours()).toEqual([{ n: 0 }]);
  });

  it('go to a group robot as digests: one message a minute and type', async () => {
    receiver.answer = () => ({ status: 200, body: '{"errcode":0,"errmsg":"ok"}' });
    const { view } = await endpoint({ format: 'wecom' });
    await write(...Array.from({ length: 25 }, (_, n) => event(`/${n}`, `wx-${n}`)));
    await worker.drainOnce();
    await write(event('/later'));
    await worker.drainOnce();
    expect(receiver.received).toHaveLength(1);
    const message = JSON.parse(receiver.received[0]?.body ?? '') as { msgtype: string; text: { content: string } };
    expect(message.msgtype).toBe('text');
    expect(message.text.content).toContain('quota.parked × 25');
    expect((await deliveries(view.id)).filter(({ state }) => state === 'delivered')).toHaveLength(25);
    // The robot says by a code that it refused; its status is 200 all the same.
    receiver.answer = () => ({ status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' });
    await db.run(`UPDATE events.webhook_endpoint SET robot_sent = '{}'`);
    await worker.drainOnce();
    expect((await deliveries(view.id)).at(-1)).toMatchObject({ state: 'pending', attempts: 1, last_status: 200 });
  });

  it('are tested at once, without a delivery', async () => {
    const { view, secret } = await endpoint();
    receiver.answer = () => ({ status: 201, body: 'thanks' });
    expect(await endpoints.test(PLATFORM, 'wxplatform', view.id)).toMatchObject({
      delivered: true,
      status: 201,
      address: '127.0.0.1',
      response_excerpt: 'thanks',
    });
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(new StandardWebhook(secret as string).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'webhook.test',
    });
    expect(await deliveries(view.id)).toEqual([]);
    await receiver.stop();
    expect(await endpoints.test(PLATFORM, 'wxplatform', view.id)).toMatchObject({
      delivered: false,
      status: null,
      error: 'connection',
    });
    receiver = await Receiver.start();
  });
});
