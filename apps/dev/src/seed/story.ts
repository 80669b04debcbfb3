import type { WechatSimulator } from '../../../simulator/src/simulator.ts';
import { PLATFORM, type SeedMiniProgram } from './people.ts';

type World = WechatSimulator['world'];

const API_V1 = 'https://api.yunfan-example.cn';
const API_V2 = 'https://api2.yunfan-example.cn';
const CDN = 'https://cdn.yunfan-example.cn';
const SOCKET = 'wss://ws.yunfan-example.cn';

/** Days of history that the first start plays through. */
export const STORY_DAYS = 42;
/** Days between two sweeps while the story is told: enough to see between which days something changed. */
export const STORY_STEP_DAYS = 2;

/** The host of its own that every fifth mini program has. */
const ownHosts = ({ index }: SeedMiniProgram) => (index % 5 === 3 ? [`https://shop${index}.merchant-example.cn`] : []);

/** The provider's own list at WeChat: a release drops every configured host that is not in it. */
export function platformHosts(programs: readonly SeedMiniProgram[]): string[] {
  const entries = [API_V1, API_V2, CDN, SOCKET, ...programs.flatMap(ownHosts)];
  return entries.map((entry) => new URL(entry).host);
}

/** What every mini program of the provider begins with, plus a host of its own for every fifth. */
export function beginning(world: World, program: SeedMiniProgram): void {
  const own = ownHosts(program);
  const lists = {
    requestdomain: [API_V1, ...own],
    wsrequestdomain: program.index % 3 === 0 ? [SOCKET] : [],
    uploaddomain: [API_V1],
    downloaddomain: [CDN],
    udpdomain: [],
    tcpdomain: [],
  };
  world.setDomains(program.appid, {
    mp_domain: {
      requestdomain: own,
      wsrequestdomain: [],
      uploaddomain: [],
      downloaddomain: [],
      udpdomain: [],
      tcpdomain: [],
    },
    third_domain: { ...lists, requestdomain: [API_V1] },
    direct_domain: {
      requestdomain: [],
      wsrequestdomain: [],
      uploaddomain: [],
      downloaddomain: [],
      udpdomain: [],
      tcpdomain: [],
    },
    effective_domain: lists,
  });
  // Some answers come in other clothes: order, case and repetition must not look like changes.
  if (program.index % 23 === 5) world.setDomainQuirks(program.appid, { reversed: true, upperCaseHosts: true });
  if (program.index % 29 === 11) world.setDomainQuirks(program.appid, { onlyEffective: true });
}

/**
 * What happens on a day of the story, counted from 0; resolves when WeChat has pushed what it has to tell:
 * - day 8: the provider configures a second API host everywhere; it becomes effective release by release until day 30,
 *   and one in twelve never releases (drift that stays);
 * - day 14 and 16: one merchant adds a host of its own by mistake and takes it back;
 * - day 18: the accounts that began without set 18 authorize again with it, but for three;
 * - day 22: five mini programs and these three withdraw their authorization, two return on day 34;
 * - day 36: the first API host is taken out where the second is in force (and forgotten by some).
 */
export async function day(world: World, programs: readonly SeedMiniProgram[], number: number): Promise<void> {
  const pushes: Promise<unknown>[] = [];
  for (const program of programs) {
    const { appid, index } = program;
    const releasesOn = 10 + (index % 11) * 2;
    const neverReleases = index % 12 === 4;
    if (number === 8) configure(world, appid, [API_V1, API_V2]);
    if (number >= 10 && number === releasesOn && !neverReleases) world.release(appid);
    if (program.merchantId === 'm-flower' && number === 14) {
      world.setDomainLists(appid, 'direct_domain', { requestdomain: ['https://test-stage.flower-example.cn'] });
      world.release(appid);
    }
    if (program.merchantId === 'm-flower' && number === 16) {
      world.setDomainLists(appid, 'direct_domain', { requestdomain: [] });
      world.release(appid);
    }
    const getsSet18 = number === 18 && program.firstPermissionSets !== program.permissionSets;
    const returns = number === 34 && index % 80 === 9;
    if (getsSet18 || returns) {
      const { permissionSets } = program;
      pushes.push(world.authorize(PLATFORM.componentAppid, appid, { permissionSets }).pushed);
    }
    if (number === 22 && (index % 40 === 9 || !program.permissionSets.includes(18))) {
      pushes.push(world.unauthorize(PLATFORM.componentAppid, appid).pushed);
    }
    if (number === 36 && !neverReleases) {
      configure(world, appid, [API_V2]);
      if (index % 4 !== 1) world.release(appid);
    }
  }
  await Promise.all(pushes);
}

/** While the example runs: every now and then somebody tries a host, releases it, and takes it away again. */
export function liveMoment(world: World, programs: readonly SeedMiniProgram[], tick: number): string {
  const program = programs[(tick * 37) % programs.length] as SeedMiniProgram;
  const host = `https://beta${tick % 5}.yunfan-example.cn`;
  const present = world.account(program.appid).domains.direct_domain?.requestdomain ?? [];
  const next = present.includes(host) ? present.filter((entry) => entry !== host) : [...present, host];
  world.setDomainLists(program.appid, 'direct_domain', { requestdomain: next });
  world.release(program.appid);
  return program.appid;
}

function configure(world: World, appid: string, hosts: string[]): void {
  world.setDomainLists(appid, 'third_domain', { requestdomain: hosts });
}
