import pLimit from 'p-limit';
import { DAY_MS, type Database } from '#libs/kernel';
import type { WechatSimulator } from '../../../simulator/src/simulator.ts';
import type { Rest } from '../rest.ts';
import type { StoryClock } from '../story-clock.ts';
import { MERCHANTS, PLATFORM, type SeedMiniProgram } from './people.ts';
import { STORY_DAYS, STORY_STEP_DAYS, beginning, day, platformHosts } from './story.ts';

const PUSHES_AT_ONCE = 8;

/** Pushes that are not handled yet, and what they have asked for. */
const WAITING = `
  SELECT FROM inbox.push WHERE state = 'pending'
  UNION ALL
  SELECT FROM graphile_worker.jobs WHERE task_identifier LIKE 'authorizers.%' AND attempts < max_attempts`;

export interface Telling {
  simulator: WechatSimulator;
  /** The hub's own database handle: its clock is shifted while the story is told. */
  db: Database;
  /** The hub's own clock, for what it keeps in memory. */
  clock: StoryClock;
  rest: Rest;
  programs: readonly SeedMiniProgram[];
  /** Secrets of the platform, as an operator would enter them. */
  platform: { componentAppsecret: string; token: string; encodingAesKey: string };
  say: (line: string) => void;
}

/**
 * Plays six weeks through the real parts: WeChat pushes, merchants authorize, sweeps observe, domains change. Only the
 * clocks (WeChat's and the database's) are moved; everything that is stored went through the code that runs in production.
 */
export async function tellTheStory(telling: Telling): Promise<void> {
  const { simulator, db, clock, rest, programs, platform, say } = telling;
  const { world } = simulator;
  let today = 0;
  const at = (dayNumber: number) => {
    const back = STORY_DAYS - dayNumber;
    clock.moveOn((dayNumber - today) * DAY_MS);
    today = dayNumber;
    db.travel(back === 0 ? null : `-${back} days`);
    world.clock.set(Date.now() - back * DAY_MS);
  };
  const base = `/v1/platforms/${PLATFORM.componentAppid}`;

  at(0);
  await rest.post('/v1/platforms', {
    component_appid: PLATFORM.componentAppid,
    component_appsecret: platform.componentAppsecret,
    token: platform.token,
    encoding_aes_key: platform.encodingAesKey,
    name: PLATFORM.name,
  });
  world.setPlatformServerDomains(PLATFORM.componentAppid, platformHosts(programs));
  await world.pushTicket(PLATFORM.componentAppid);
  for (const { merchantId, name } of MERCHANTS) await rest.post(`${base}/merchants`, { merchant_id: merchantId, name });

  say(`${programs.length} merchants' accounts authorize …`);
  const few = pLimit(PUSHES_AT_ONCE);
  const pushes = await Promise.all(
    programs.map((program) =>
      few(() => {
        beginning(world, program);
        const { pushed } = world.authorize(PLATFORM.componentAppid, program.appid, {
          permissionSets: program.firstPermissionSets,
        });
        return pushed;
      }),
    ),
  );
  // WeChat does not repeat a push that was not answered in time: on a slow machine the list of accounts fills the gap.
  if (pushes.some((push) => push?.ok !== true)) await rest.post(`${base}/reconciliations`);
  let arrived = 0;
  await until(
    () => `the authorizations to arrive: ${arrived} of ${programs.length} did`,
    async () => {
      // Counted, not listed: the same process handles the pushes meanwhile.
      const { mini_programs } = await rest.get<{ mini_programs: { authorized: number } }>(`${base}/overview`);
      arrived = mini_programs.authorized;
      return arrived === programs.length;
    },
  );
  for (const program of programs) {
    await rest.patch(`${base}/authorizers/${program.appid}`, { merchant_id: program.merchantId });
  }

  for (let number = 0; number < STORY_DAYS; number += STORY_STEP_DAYS) {
    at(number);
    await world.pushTicket(PLATFORM.componentAppid);
    await day(world, programs, number);
    // What a push asks for needs the ticket of its day.
    await until(
      () => `the pushes of day ${number} to be handled`,
      async () => (await db.query(WAITING)).length === 0,
    );
    const { id } = await rest.post<{ id: string }>(`${base}/sweeps`);
    const sweep = await until(
      () => `the sweep of day ${number}`,
      async () => {
        const view = await rest.get<{ state: string; changed: number; unchanged: number }>(`${base}/sweeps/${id}`);
        return view.state === 'running' ? undefined : view;
      },
    );
    say(`day ${number - STORY_DAYS}: ${sweep.changed} changed, ${sweep.unchanged} unchanged`);
  }
  at(STORY_DAYS);
  await world.pushTicket(PLATFORM.componentAppid);
  const { id } = await rest.post<{ id: string }>(`${base}/reconciliations`);
  await until(
    () => "the comparison with WeChat's list",
    async () => (await rest.get<{ state: string }>(`${base}/reconciliations/${id}`)).state !== 'running',
  );
}

async function until<T>(what: () => string, check: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 300_000;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
