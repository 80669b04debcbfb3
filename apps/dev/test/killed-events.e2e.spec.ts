import { afterEach, describe, expect, it } from '@jest/globals';
import type { Database } from '#libs/kernel';
import { Receiver, eventually } from '#libs/testing';
import { COMPONENT, ProcessWorld } from './processes.ts';

const BASE = `/v1/platforms/${COMPONENT}`;
const ACCOUNTS = 24;
const HUBS = 4;
const KILLS = 3;

interface FeedEvent {
  seq: number;
  type: string;
  appid: string | null;
  merchant_id: string | null;
  data: Record<string, unknown>;
}

/** Names an event by what it tells, so that a set of events can be compared with a set of facts. */
const nameOf = {
  'push.received': ({ data }: FeedEvent) => `push ${String(data['push_id'])} ${String(data['info_type'])}`,
  'domains.changed': ({ data }: FeedEvent) => `changed ${String(data['snapshot_id'])}`,
  'domains.effective': ({ data }: FeedEvent) => `effective ${String(data['snapshot_id'])}`,
  'sweep.finished': ({ data }: FeedEvent) => `sweep ${String(data['sweep_id'])} ${String(data['state'])}`,
  'reconciliation.finished': ({ data }: FeedEvent) =>
    `reconciliation ${String(data['reconciliation_id'])} ${String(data['state'])}`,
  'authorization.granted': ({ appid }: FeedEvent) => `authorization.granted ${appid}`,
  'authorization.updated': ({ appid }: FeedEvent) => `authorization.updated ${appid}`,
  'authorization.revoked': ({ appid }: FeedEvent) => `authorization.revoked ${appid}`,
  'authorizer.assigned': ({ appid, merchant_id: merchant, data }: FeedEvent) =>
    `${data['to'] === null ? 'unassigned' : 'assigned'} ${appid} ${merchant}`,
} as const;

describe('events of hubs that are killed', () => {
  let world: ProcessWorld | undefined;
  const receivers: Receiver[] = [];
  afterEach(async () => {
    await world?.stop();
    await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
  });

  it('are exactly those of the facts in the tables, and each of them reaches every endpoint', async () => {
    world = await ProcessWorld.start();
    const { simulator, database } = world;
    const env = { WEBHOOK_NETWORKS: '127.0.0.0/8' };
    const hubs = await Promise.all(Array.from({ length: HUBS }, () => (world as ProcessWorld).hub(env)));
    const anyHub = () => hubs[Math.floor(Math.random() * hubs.length)] as (typeof hubs)[0];
    await world.platform(anyHub().url, anyHub().rest);
    const [good, flaky, bad] = (await Promise.all([1, 2, 3].map(() => Receiver.start()))) as [
      Receiver,
      Receiver,
      Receiver,
    ];
    receivers.push(good, flaky, bad);
    // Once for each event at most: the second retry comes after minutes.
    const refusedOnce = new Set<string>();
    flaky.answer = ({ headers }, no) => {
      const id = headers['webhook-id'] as string;
      if (no % 13 !== 0 || refusedOnce.has(id)) return 200;
      refusedOnce.add(id);
      return 503;
    };
    bad.answer = () => 500;
    for (const merchant of ['m1', 'm2'])
      await anyHub().rest.post(`${BASE}/merchants`, { merchant_id: merchant, name: merchant });
    const endpoint = async (receiver: Receiver, more: object = {}) =>
      (
        await anyHub().rest.post<{ id: string }>(`${BASE}/webhook-endpoints`, {
          url: receiver.url,
          start: '0',
          ...more,
        })
      ).id;
    const goodId = await endpoint(good, { ordering: 'none' });
    const flakyId = await endpoint(flaky, { event_types: ['domains.*', 'push.received'] });
    const badId = await endpoint(bad, { event_types: ['authorizer.assigned'] });

    // Everything at once, at any hub that is there; what fails has not happened, or has and is in the tables.
    const appids = Array.from({ length: ACCOUNTS }, (_, n) => `wxe${String(n).padStart(15, '0')}`);
    for (const appid of appids) simulator.world.addMiniProgram({ appid });
    let isOver = false;
    const forever = async (work: (n: number, appid: string) => Promise<unknown>) => {
      for (let n = 0; !isOver; n += 1) {
        await work(n, appids[n % ACCOUNTS] as string).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const point = () => (world as ProcessWorld).pointWechatAt(anyHub().url);
    const activity = [
      forever(async (n, appid) => {
        point();
        if (n % 10 === 0) await simulator.world.pushTicket(COMPONENT);
        if (n % 5 === 4) await simulator.world.unauthorize(COMPONENT, appid).pushed;
        else
          await simulator.world.authorize(COMPONENT, appid, { permissionSets: n % 2 ? [17, 18] : [17, 18, 25] }).pushed;
      }),
      forever((n, appid) =>
        simulator.world.messages.tell(COMPONENT, appid, n % 2 ? 'wxa_category_audit' : 'weapp_audit_fail'),
      ),
      forever(async (n, appid) => {
        simulator.world.setDomains(appid, {
          third_domain: { requestdomain: [`https://v${n}.example.cn`] },
          ...(n % 3 === 0 ? { effective_domain: { requestdomain: [`https://v${n}.example.cn`] } } : {}),
        });
        await anyHub().rest.post(`${BASE}/authorizers/${appid}/snapshots`);
      }),
      forever((n, appid) => anyHub().rest.patch(`${BASE}/authorizers/${appid}`, { merchant_id: n % 3 ? 'm1' : 'm2' })),
      forever(async (n) => {
        if (n % 20 === 10) await anyHub().rest.post(`${BASE}/sweeps`);
      }),
    ];
    const starting: Promise<unknown>[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1500));
      const index = kill % HUBS;
      await hubs[index]?.program.ends('SIGKILL');
      starting.push(world.hub(env).then((hub) => (hubs[index] = hub)));
    }
    await Promise.all(starting);
    isOver = true;
    await Promise.all(activity);

    const { db } = database;
    await eventually(
      'numbers for all events',
      async () => (await db.query('SELECT 1 FROM events.event WHERE seq IS NULL LIMIT 1')).length === 0,
    );
    const { events, facts } = await compared(db);
    for (const [type, name] of Object.entries(nameOf)) {
      const told = events
        .filter((event) => event.type === type)
        .map(name)
        .sort();
      expect({ type, told }).toEqual({ type, told: facts.get(type)?.sort() ?? [] });
    }
    const count = (type: string) => events.filter((event) => event.type === type).length;
    for (const type of ['push.received', 'domains.changed', 'authorization.granted', 'authorizer.assigned'])
      expect({ type, some: count(type) > 0 }).toEqual({ type, some: true });
    expect(count('audit.refused')).toBe(events.filter(({ data }) => data['info_type'] === 'weapp_audit_fail').length);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => n + 1));

    // A process that was killed holds its endpoint until its lease ends.
    const pending = async (id: string) =>
      (
        await db.query(
          `SELECT 1 FROM events.webhook_endpoint w JOIN events.feed_head h USING (platform_id) WHERE w.endpoint_id = $1
         AND (w.fanned_out_seq < h.seq OR EXISTS (SELECT FROM events.delivery d WHERE d.endpoint_id = $1 AND d.state = 'pending'))`,
          [id],
        )
      ).length;
    await eventually('all deliveries', async () => (await pending(goodId)) + (await pending(flakyId)) === 0, 90_000);
    // Those that were made of events after the comparison count as well.
    const all = await db.query<{ seq: number; type: string }>(
      'SELECT seq, type FROM events.event WHERE seq IS NOT NULL ORDER BY seq',
    );
    const ids = (wanted: (type: string) => boolean) =>
      all.filter(({ type }) => wanted(type)).map(({ seq }) => `evt_${COMPONENT}_${seq}`);
    const accepted = (receiver: Receiver) =>
      new Set(receiver.received.map(({ headers }) => headers['webhook-id'] as string));
    expect([...accepted(good)].sort()).toEqual(ids(() => true).sort());
    expect([...accepted(flaky)].sort()).toEqual(
      ids((type) => type.startsWith('domains.') || type === 'push.received').sort(),
    );
    for (const { headers, body } of [...good.received, ...flaky.received])
      expect(headers['webhook-id']).toBe(`evt_${COMPONENT}_${(JSON.parse(body) as { id: string }).id}`);
    // One that takes nothing shows what has not arrived, with every attempt that it got.
    const refused = await db.query<{ seq: number; state: string; attempts: number; logged: number }>(
      `SELECT d.seq, d.state, d.attempts, (SELECT count(*) FROM events.delivery_attempt a
          WHERE a.platform_id = d.platform_id AND a.delivery_id = d.delivery_id)::int AS logged
         FROM events.delivery d WHERE d.endpoint_id = $1`,
      [badId],
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const { state, attempts, logged } of refused) expect([state, logged]).toEqual(['pending', attempts]);
    expect(bad.received.length).toBeGreaterThanOrEqual(refused.reduce((sum, { attempts }) => sum + attempts, 0));
  }, 240_000);
});

/** As REST names a snapshot. */
const snapshotId = (authorizerId: number, no: number) => `s${authorizerId.toString(36)}-${no.toString(36)}`;

/** The feed and the facts that it must tell, of one moment. */
function compared(db: Database) {
  return db.transaction(async (sql) => {
    await sql.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const events = await sql.query<FeedEvent>(
      'SELECT seq, type, authorizer_appid AS appid, merchant_id, data FROM events.event WHERE seq IS NOT NULL ORDER BY seq',
    );
    const unnumbered = await sql.query<FeedEvent>(
      'SELECT event_id AS seq, type, authorizer_appid AS appid, merchant_id, data FROM events.event WHERE seq IS NULL ORDER BY event_id',
    );
    const facts = new Map<string, string[]>();
    const add = (type: string, names: string[]) => facts.set(type, [...(facts.get(type) ?? []), ...names]);
    const pushes = await sql.query<{ id: number; type: string }>(
      `SELECT push_id AS id, info_type AS type FROM inbox.push WHERE state = 'unhandled'`,
    );
    add(
      'push.received',
      pushes.map(({ id, type }) => `push ${id} ${type}`),
    );
    const snapshots = await sql.query<{ id: number; no: number; places: number }>(
      `SELECT s.authorizer_id AS id, s.no, c.places FROM domain_ledger.snapshot s
         JOIN domain_ledger.domain_change_set c USING (change_id)`,
    );
    add(
      'domains.changed',
      snapshots.map(({ id, no }) => `changed ${snapshotId(id, no)}`),
    );
    const inForce = snapshots.filter(({ places }) => places >> 18 !== 0);
    add(
      'domains.effective',
      inForce.map(({ id, no }) => `effective ${snapshotId(id, no)}`),
    );
    const sweeps = await sql.query<{ id: number; state: string }>(
      `SELECT sweep_id AS id, state FROM domain_ledger.sweep WHERE state <> 'running'`,
    );
    add(
      'sweep.finished',
      sweeps.map(({ id, state }) => `sweep ${id} ${state}`),
    );
    const reconciliations = await sql.query<{ id: number; state: string }>(
      `SELECT reconciliation_id AS id, state FROM authorizers.reconciliation WHERE state <> 'running'`,
    );
    add(
      'reconciliation.finished',
      reconciliations.map(({ id, state }) => `reconciliation ${id} ${state}`),
    );
    const trail = await sql.query<{ action: string; subject: string; merchant: string | null }>(
      `SELECT action, subject, merchant_id AS merchant FROM access.audit_event WHERE outcome = 'ok'`,
    );
    for (const { action, subject, merchant } of trail) {
      const appid = subject.replace('authorizer:', '');
      if (action.startsWith('authorization.')) add(action, [`${action} ${appid}`]);
      if (action === 'authorizer.unassigned') add('authorizer.assigned', [`unassigned ${appid} ${merchant}`]);
    }
    // An assignment to the merchant that it has already is on the trail and moves nothing: the state of each account is the proof.
    const assigned = events.filter(({ type, data }) => type === 'authorizer.assigned' && data['to'] !== null);
    const of = (appid: string) => assigned.filter((event) => event.appid === appid);
    const rows = await sql.query<{ appid: string; merchant: string | null }>(
      'SELECT authorizer_appid AS appid, merchant_id AS merchant FROM authorizers.authorizer',
    );
    for (const { appid, merchant } of rows) {
      const merchants = of(appid).map(({ data }) => data['to'] as string);
      const left = (facts.get('authorizer.assigned') ?? []).filter((name) => name.startsWith(`unassigned ${appid} `));
      // Moved away from every merchant but the last one, and never to the one that it had.
      const isChain =
        (merchants.at(-1) ?? null) === merchant &&
        left.length === Math.max(0, merchants.length - 1) &&
        merchants.every((each, n) => each !== merchants[n + 1]);
      if (isChain)
        add(
          'authorizer.assigned',
          merchants.map((each) => `assigned ${appid} ${each}`),
        );
      else add('authorizer.assigned', [`${appid} is with ${merchant} after ${merchants.join()}`]);
    }
    return { events: [...events, ...unnumbered], facts };
  });
}
