import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appidOf, seedFleet, simulateFleet, skipScheduledRound } from '../fleet.ts';
import { DIST, freePort } from '../processes.ts';
import { progress } from '../report.ts';
import type { HubProcess, Stage } from '../stage.ts';
import { pause } from '../waiting.ts';
import { UNKNOWN_EXPIRY } from './account.ts';
import { Callers } from './callers.ts';
import { Chaos, type Place } from './chaos.ts';
import { Deck } from './deck.ts';
import { Dice } from '../dice.ts';
import { type Disturbance, type Evidence, type Expiry, FROZEN, STARVED } from './evidence.ts';
import { RefreshLog } from './refresh-log.ts';
import { TokenRows } from './token-rows.ts';

export interface SoakOptions {
  /** Seconds of disturbance; it ends with the seconds or the rounds, the first of the two. */
  seconds: number;
  rounds?: number | undefined;
  /** Of the dice. */
  seed: number;
  hubs: number;
  merchants: number;
  callers: number;
  /** The database goes away once in this many rounds; 0: never. */
  awayEvery: number;
  awaySeconds: number;
}

export interface SoakResult {
  rounds: number;
  faults: Record<string, number>;
  refused: Record<string, number>;
  evidence: Evidence;
}

/** How long every merchant may take to get a token again once nothing is disturbed any more. */
const RECOVERY_MS = 120_000;
const WECHAT_TIMEOUT_MS = 2000;
/** Share of merchants whose token is made to be over in one round. */
const EXPIRING_SHARE = 0.15;

/**
 * Hub processes on one database under faults, and what was seen of it: every refresh at WeChat, every write of a token row,
 * every token that a caller was given. Nothing is judged here.
 */
export async function runSoak(stage: Stage, options: SoakOptions): Promise<SoakResult> {
  const dice = new Dice(options.seed);
  const disturbances: Disturbance[] = [];
  const disturb = (disturbance: Disturbance) => void disturbances.push(disturbance);
  const expiries: Expiry[] = [];
  const appids = Array.from({ length: options.merchants }, (_, n) => appidOf(n));

  const preload = ['--import', join(DIST, 'apps/bench/src/clock-jumps.js')];
  const wechatClock = join(stage.folder, 'clock-wechat');
  const simulator = await stage.simulator(['--ticket-interval', '20'], preload, { CLOCK_OFFSET_FILE: wechatClock });
  const postgres = await stage.postgres();
  const places: Place[] = [];
  const ports: number[] = [];
  const start = (place: Omit<Place, 'hub' | 'away'>, port: number): Promise<HubProcess> =>
    stage.hub(
      `${simulator.url}/via/${place.name}`,
      {
        PORT: String(port),
        ROLES: 'api,worker',
        WECHAT_TIMEOUT_MS: String(WECHAT_TIMEOUT_MS),
        CLOCK_OFFSET_FILE: place.clockFile,
      },
      preload,
    );
  for (let n = 0; n < options.hubs; n += 1) {
    const place = { name: `hub-${n}`, clockFile: join(stage.folder, `clock-${n}`) };
    ports.push(await freePort());
    places.push({ ...place, hub: await start(place, ports[n]!), away: false });
  }
  const platform = await stage.platform(places[0]!.hub, simulator, 'wxsoak0000000000001');
  const db = await stage.database();
  await skipScheduledRound(db, platform);
  await simulateFleet(simulator, platform, appids.length);
  await seedFleet(db, stage.sealer, platform, { count: appids.length });
  const rows = new TokenRows(db, stage.sealer, platform);
  await rows.watch();
  await simulator.control('POST', '/push-faults', { kind: 'duplicate', probability: 0.5 });

  const chaos = new Chaos({
    dice,
    deck: new Deck(dice, options.awayEvery),
    places,
    restartHub: (place) => start(place, ports[places.indexOf(place)]!),
    postgres,
    simulator,
    awaySeconds: options.awaySeconds,
    disturb,
  });
  const hubs = () => places.filter((place) => !place.away);
  const callers = new Callers({ hubs, wechatUrl: simulator.url, platform, appids, dice, disturb });
  const log = new RefreshLog(simulator);
  log.start();
  // From here on every token in a row comes from WeChat's side by a write that was seen.
  await rows.expire(appids);
  await untilServed(appids, places, callers, dice);
  callers.handouts.length = 0;
  const startedAt = Date.now();
  callers.start(options.callers);
  let rounds = 0;
  while (Date.now() < startedAt + options.seconds * 1000 && rounds < (options.rounds ?? Number.POSITIVE_INFINITY)) {
    const some = appids.filter(() => dice.next() < EXPIRING_SHARE);
    const from = Date.now();
    await rows.expire(some).then(
      (expired) => expiries.push(...expired),
      // The database was away, and whether it still committed is not known.
      () => disturb({ kind: UNKNOWN_EXPIRY, from, to: Date.now(), appids: new Set(some) }),
    );
    await chaos.round();
    await log.collect();
    rounds += 1;
    if (rounds % 50 === 0) progress(`round ${rounds}, ${callers.handouts.length} tokens handed out`);
  }
  progress(`calm after ${rounds} rounds`);
  await chaos.calm();
  await callers.stop();

  // What is under way comes to its end; then every token expires once more, and everybody has to get another one.
  await untilServed(appids, places, callers, dice);
  progress('every token expires, and every merchant has to get another one');
  expiries.push(...(await rows.expire(appids)));
  const unserved = await untilServed(appids, places, callers, dice);
  log.stop();
  await log.assertComplete();
  const stalls = [...stallsOf(wechatClock), ...places.flatMap(({ clockFile, name }) => stallsOf(clockFile, name))];
  const frozen = disturbances.filter(({ kind }) => kind === FROZEN);
  disturbances.push(
    ...stalls.filter(
      (each) => !frozen.some(({ hub, from, to }) => hub === each.hub && from <= each.to && to >= each.from),
    ),
  );
  return {
    rounds,
    faults: Object.fromEntries(chaos.counts),
    refused: Object.fromEntries(callers.refused),
    evidence: {
      startedAt,
      disturbances,
      expiries,
      calls: log.calls,
      writes: await rows.writes(),
      handouts: callers.handouts,
      unserved,
      unusable: await rows.unusable(),
      exits: await chaos.finish(),
      timeoutMs: WECHAT_TIMEOUT_MS,
    },
  };
}

/** When a process had no processor, as it noted itself; without a name it concerns everybody. */
function stallsOf(clockFile: string, hub?: string): Disturbance[] {
  const file = `${clockFile}.stalls`;
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.map((line) => {
    const [from, to] = line.split(' ').map(Number) as [number, number];
    return { kind: STARVED, from, to, ...(hub === undefined ? {} : { hub }) };
  });
}

/** Asks for everybody until everybody has been served. @returns who has not */
async function untilServed(
  appids: readonly string[],
  places: readonly Place[],
  callers: Callers,
  dice: Dice,
): Promise<string[]> {
  const deadline = Date.now() + RECOVERY_MS;
  let left = [...appids];
  for (;;) {
    const served = await Promise.all(left.map((appid) => callers.use(dice.pick(places), appid)));
    left = left.filter((_, index) => !served[index]);
    if (left.length === 0 || Date.now() > deadline) return left;
    await pause(1000);
  }
}
