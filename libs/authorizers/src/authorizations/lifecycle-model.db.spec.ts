import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CapturedEvent, PATHS, type Process, Scene } from '../../test/scene.ts';

/**
 * What a merchant does, and what becomes of the news about it. The model is WeChat itself: after everything that will ever
 * arrive has arrived, and one reconciliation, the hub has to say what WeChat says.
 */
interface Step {
  act: 'authorize' | 'update' | 'unauthorize';
  /** Seconds since the step before. */
  gap: number;
  /** How often the event comes; 0: it is lost. */
  copies: number;
  /** After how many further steps it comes. */
  delay: number;
  /** Whether the browser comes back too, and after how many further steps. */
  redirect: number | null;
  /** The first exchange after it takes effect at WeChat and its reply is lost. */
  replyLost: boolean;
  /** Everything that is due after this step comes at the same time, to two processes. */
  together: boolean;
  /** The worker gets round to its jobs. */
  jobs: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('authorize', 'update', 'unauthorize'),
  gap: fc.constantFrom(0, 1, 2, 40),
  copies: fc.constantFrom(1, 1, 2, 0),
  delay: fc.constantFrom(0, 0, 1, 2, 5),
  redirect: fc.constantFrom(null, null, 0, 1),
  replyLost: fc.constantFrom(false, false, true),
  together: fc.boolean(),
  jobs: fc.boolean(),
});

let scene: Scene;
let hubs: Process[];
let runs = 0;

beforeAll(async () => {
  scene = await Scene.open();
  hubs = [await scene.process(), await scene.process()];
  // Others, so that one withdrawal is no shrunken list.
  for (let index = 0; index < 12; index += 1) {
    const appid = scene.addMiniProgram(`wxstable${index}`);
    const { event } = await scene.authorize(appid);
    await hubs[0]!.authorizers.lifecycle.apply(event, scene.platform);
  }
});
afterAll(() => scene.close());

/** As the dispatcher does: what fails for a while is tried again. */
async function insist(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt >= 5) throw error;
    }
  }
}

async function live(appid: string, steps: readonly Step[]): Promise<void> {
  const due: { at: number; deliver: (hub: Process) => Promise<unknown> }[] = [];
  let seen = 0;
  for (const [now, next] of steps.entries()) {
    const grant = scene.world.grantOf(scene.componentAppid, appid);
    const isAuthorized = grant?.authorized === true;
    const possible = next.act === 'authorize' ? !isAuthorized : isAuthorized;
    if (possible) {
      // An authorization has a time of whole seconds; within one second even WeChat's list could not tell two apart.
      scene.pass(next.act === 'authorize' ? Math.max(1, next.gap) : next.gap, ...hubs);
      let event: CapturedEvent;
      if (next.act === 'unauthorize') event = await scene.unauthorize(appid);
      else {
        const sets = next.act === 'update' && grant?.permissionSets.includes(18) ? [17, 25] : [17, 18];
        const authorized = await scene.authorize(appid, { permissionSets: sets });
        event = authorized.event;
        if (next.redirect !== null) {
          due.push({
            at: now + next.redirect,
            deliver: (hub) => hub.authorizers.lifecycle.redirect(scene.platform, { authCode: authorized.code }),
          });
        }
      }
      // Changing nothing pushes nothing.
      for (let copy = 0; event && copy < next.copies; copy += 1) {
        due.push({
          at: now + next.delay + copy,
          deliver: (hub) => insist(() => hub.authorizers.lifecycle.apply(event, scene.platform)),
        });
      }
      if (next.replyLost) {
        scene.world.faults.add({
          kind: 'replyLostAfterEffect',
          match: { path: PATHS.queryAuth, componentAppid: scene.componentAppid },
          times: 1,
        });
      }
    }
    const isLast = now === steps.length - 1;
    const arriving = due.filter((delivery) => isLast || delivery.at <= now);
    due.splice(0, due.length, ...due.filter((delivery) => !arriving.includes(delivery)));
    arriving.sort((a, b) => a.at - b.at);
    const deliveries = arriving.map(
      ({ deliver }) =>
        () =>
          deliver(hubs[(seen += 1) % 2]!),
    );
    if (next.together) await Promise.all(deliveries.map((deliver) => deliver()));
    else for (const deliver of deliveries) await deliver();
    if (next.jobs) await hubs[0]!.runJobs();
  }
}

async function reconcile(): Promise<void> {
  const { reconcile: its } = hubs[0]!.authorizers;
  await hubs[0]!.runJobs();
  const { id } = await its.start(scene.platform);
  expect(await its.run(scene.platform, id)).toBe('done');
  await hubs[0]!.runJobs();
}

/** What the hub must say at last. */
function truth(appid: string): { state: string | null; permissionSets?: number[] } {
  const grant = scene.world.grantOf(scene.componentAppid, appid);
  if (!grant) return { state: null };
  if (!grant.authorized) return { state: 'unauthorized' };
  if (!grant.exchanged) return { state: 'reauthorization_required' };
  return { state: 'authorized', permissionSets: [...grant.permissionSets] };
}

it('whatever is lost, late, repeated or reordered: one reconciliation later the hub says what WeChat says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      runs += 1;
      const appid = scene.addMiniProgram(`wxrun${String(runs).padStart(12, '0')}`);
      await live(appid, steps);
      scene.world.faults.clear();
      await reconcile();
      const expected = truth(appid);
      const row = await scene.authorizer(appid);
      // An account of which nothing ever came and that is not authorized is nobody's business.
      if (expected.state === null || (expected.state === 'unauthorized' && row === null)) {
        expect(row).toBeNull();
        return;
      }
      expect(row?.state).toBe(expected.state);
      if (expected.state === 'authorized') {
        expect(row?.permission_sets).toEqual(expected.permissionSets);
        expect(await scene.isRefreshable(hubs[runs % 2]!, appid)).toBe(true);
      }
      const blank = await scene.db.query(
        'SELECT authorizer_appid FROM custody.authorizer_token WHERE sealed_refresh_token IS NULL',
      );
      expect(blank).toEqual([]);
    }),
    { numRuns: 45, endOnFailure: false },
  );
}, 300_000);

it('nothing lost: repeated and in any order, the events alone leave what WeChat’s times imply', async () => {
  const told = fc.array(fc.constantFrom<Step['act']>('authorize', 'update', 'unauthorize'), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      told,
      fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
      fc.boolean(),
      async (acts, order, twice) => {
        runs += 1;
        const appid = scene.addMiniProgram(`wxrun${String(runs).padStart(12, '0')}`);
        const events: CapturedEvent[] = [];
        for (const act of acts) {
          const grant = scene.world.grantOf(scene.componentAppid, appid);
          if ((act === 'authorize') === (grant?.authorized === true)) continue;
          scene.pass(2, ...hubs);
          if (act === 'unauthorize') events.push(await scene.unauthorize(appid));
          else {
            const sets = act === 'update' && grant?.permissionSets.includes(18) ? [17, 25] : [17, 18];
            events.push((await scene.authorize(appid, { permissionSets: sets })).event);
          }
        }
        const arriving = (twice ? [...events, ...events] : events)
          .map((event, index) => ({ event, at: order[index] ?? 0 }))
          .sort((a, b) => a.at - b.at);
        for (const { event } of arriving) {
          await hubs[runs % 2]!.authorizers.lifecycle.apply(event, scene.platform);
        }
        const row = await scene.authorizer(appid);
        expect(row?.state ?? null).toBe(truth(appid).state);
        expect(row?.state_event_at ?? null).toEqual(events.at(-1)?.wechatCreatedAt ?? null);
      },
    ),
    { numRuns: 60 },
  );
}, 300_000);
