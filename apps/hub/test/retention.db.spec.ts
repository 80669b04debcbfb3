import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ComponentAccounts } from '#libs/custody';
import { bodyDigest, DomainLedger, RetentionSchedule } from '#libs/domain-ledger';
import { eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const DAY = 86_400_000;
const OURS = 'wxretentionplatform';
const base = `/v1/platforms/${OURS}`;
/** More than one page of the run. */
const FLEET = 230;
const STEPS = 12;
/** Of these the answers are compared one by one. */
const LOOKED_AT = [0, 1, 2, 3, 4, 5, FLEET - 1];

interface Run {
  state: string;
  total: number;
  examined: number;
  removed: number;
  keep_all: string;
  thin_to: string;
}

describe('retention over REST', () => {
  let world: HubWorld;
  beforeEach(async () => {
    world = await HubWorld.start();
    await world.platform(OURS);
  }, 60_000);
  afterEach(() => world.stop());

  const appid = (index: number) => `wxold${String(index).padStart(13, '0')}`;

  /** Twelve observations in 330 days; a domain of their own goes with each of the early ones. */
  async function furnish(today: number): Promise<void> {
    const { platformId } = (await world.hub.get(ComponentAccounts).ref(OURS))!;
    const rows = await world.db.query<{ id: number }>(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets)
       SELECT $1, appid, 0, 'authorized', 'mini_program', '{18}' FROM unnest($2::text[]) AS appid
       RETURNING authorizer_id AS id`,
      [platformId, Array.from({ length: FLEET }, (_, index) => appid(index))],
    );
    const ledger = new DomainLedger({ snapshotIntervalMs: DAY });
    for (let step = 0; step < STEPS; step += 1) {
      const at = new Date(today - (STEPS - 1 - step) * 30 * DAY);
      const early = Array.from({ length: Math.max(0, 8 - step) }, (_, n) => `https://early${n}.example`);
      await world.db.transaction((sql) =>
        ledger.record(
          sql,
          platformId,
          rows.map(({ id }, index) => {
            const domains = {
              effective_domain: { requestdomain: [`https://shop${index}.example`, ...early] },
              // One that comes, goes, and comes back.
              ...(index % 3 === 0 && (step === 2 || step > 8)
                ? { mp_domain: { uploaddomain: ['https://back.example'] } }
                : {}),
            };
            const body = Buffer.from(JSON.stringify({ errcode: 0, errmsg: 'ok', ...domains }));
            return { authorizerId: id, askedAt: at, answeredAt: at, body, bodyDigest: bodyDigest(body) };
          }),
        ),
      );
    }
  }

  /** What retention promises to keep, as REST tells it. */
  async function promised(today: number, keepMs: number): Promise<unknown[]> {
    const told: unknown[] = [];
    for (const index of LOOKED_AT) {
      const of = `${base}/authorizers/${appid(index)}`;
      for (let at = today - keepMs + 1000; at <= today; at += 11 * DAY) {
        told.push((await world.call('GET', `${of}/domains?at=${new Date(at).toISOString()}`)).body);
      }
      const stays = await world.call<{ items: Record<string, unknown>[] }>('GET', `${of}/domain-lifespans?limit=500`);
      told.push(stays.body.items.map((stay) => [stay['domain'], stay['first_observed_at'], stay['present']]));
      const [latest] = await snapshots(index);
      told.push({ ...latest, changes: [] });
    }
    told.push(
      (await world.call('GET', `${base}/domain-coverage?domain=https://early0.example&list=requestdomain`)).body,
    );
    told.push((await world.call('GET', `${base}/domain-drift?limit=500`)).body);
    return told;
  }

  const snapshots = async (index: number) =>
    (
      await world.call<{ items: { id: string; first_observed_at: string; domains: unknown }[] }>(
        'GET',
        `${base}/authorizers/${appid(index)}/snapshots?limit=500`,
      )
    ).body.items;

  const done = (id: string) =>
    eventually(
      'the run',
      async () => {
        const { body } = await world.call<Run>('GET', `${base}/retention-runs/${id}`);
        return body.state === 'done' ? body : undefined;
      },
      60_000,
    );

  it('thins by one request, and changes no answer that it promises to keep', async () => {
    const today = Date.now() - 60_000;
    await furnish(today);
    const keepMs = 100 * DAY;
    const before = await promised(today, keepMs);
    const then = await Promise.all(LOOKED_AT.map(snapshots));

    const started = await world.call<{ id: string }>('POST', `${base}/retention-runs`, {
      body: { keep_all: 'P100D', thin_to: 'P90D' },
    });
    expect(started.status).toBe(202);
    const run = await done(started.body.id);
    expect(run).toMatchObject({ total: FLEET, examined: FLEET, keep_all: 'P100D', thin_to: 'P90D' });
    expect(run.removed).toBeGreaterThan(FLEET);

    expect(await promised(today, keepMs)).toEqual(before);
    const now = await Promise.all(LOOKED_AT.map(snapshots));
    now.forEach((kept, index) => {
      expect(kept.length).toBeLessThan(then[index]!.length);
      for (const { id, first_observed_at, domains } of kept) {
        expect(then[index]).toContainEqual(expect.objectContaining({ id, first_observed_at, domains }));
      }
    });
    // A removed moment is not claimed to be known.
    const gone = then[0]!.find(({ id }) => !now[0]!.some((kept) => kept.id === id))!;
    expect(
      (await world.call('GET', `${base}/authorizers/${appid(0)}/domains?at=${gone.first_observed_at}`)).body,
    ).toMatchObject({ certainty: 'between_observations' });

    const again = await world.call<{ id: string }>('POST', `${base}/retention-runs`, {
      body: { keep_all: 'P100D', thin_to: 'P90D' },
    });
    expect(again.body.id).not.toBe(started.body.id);
    expect(await done(again.body.id)).toMatchObject({ removed: 0 });
    expect((await world.call('GET', `${base}/retention-runs/${started.body.id}`)).status).toBe(404);
  });

  it('is refused for spans that must be a mistake, and for callers that are no operators', async () => {
    const ask = (body: unknown, key?: string) =>
      world.call('POST', `${base}/retention-runs`, { body, ...(key ? { key } : {}) });
    for (const body of [
      { keep_all: 'P29D' },
      { keep_all: 'P100D', thin_to: 'PT1H' },
      { keep_all: 'P1Y' },
      { keep_all: 'PT' },
      { keep_all: 'P' },
      {},
    ]) {
      expect([body, (await ask(body)).status]).toEqual([body, 400]);
    }
    expect((await ask({ keep_all: 'P100D' }, await world.apiKey(OURS))).status).toBe(403);
  });

  it('runs by schedule only where the operator has switched it on, with what was switched on', async () => {
    const runs = () =>
      world.db.query<{ by: string; keep: number; done: boolean }>(
        `SELECT requested_by AS by, keep_all_ms AS keep, finished_at IS NOT NULL AS done
           FROM domain_ledger.retention WHERE platform_id <> 0`, // the row of no platform times the collection of lists
      );
    await world.hub.get(RetentionSchedule).schedule();
    expect(await runs()).toEqual([]);
    const other = await world.addHub({ RETENTION: 'P400D' });
    await eventually('the scheduled run', async () => (await runs())[0]?.done);
    expect(await runs()).toEqual([{ by: 'system', keep: 400 * DAY, done: true }]);
    // Not again before a week has passed.
    await other.get(RetentionSchedule).schedule();
    const audit = await world.call<{ items: unknown[] }>('GET', `${base}/audit-events?action=retention.started`);
    expect(audit.body.items).toMatchObject([{ actor: 'system' }]);
  });
});
