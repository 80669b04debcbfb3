import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Database } from '#libs/kernel';
import { appidOf, seedFleet, simulateFleet, skipScheduledRound } from './fleet.ts';
import { onStage } from './on-stage.ts';
import { DIST, freePort } from './processes.ts';
import { progress, report } from './report.ts';
import { whole } from './scenario.ts';
import { type Disturbance, type Exception, accountFor } from './soak/account.ts';
import { Callers } from './soak/callers.ts';
import { Chaos } from './soak/chaos.ts';
import { Dice } from './soak/dice.ts';
import { RefreshLog, readTokenWrites, watchTokenRows } from './soak/evidence.ts';
import type { HubProcess, Platform, Stage } from './stage.ts';
import { pause } from './waiting.ts';

export interface SoakOptions {
  /** Seconds of disturbance; it ends with whichever of seconds and rounds comes first. */
  seconds: number;
  rounds?: number | undefined;
  seed: number;
  hubs?: number;
  merchants?: number;
  callers?: number;
  keep?: boolean | undefined;
}

export interface SoakResult {
  rounds: number;
  disturbances: Record<string, number>;
  handedOut: number;
  refused: Record<string, number>;
  refreshes: number;
  exceptions: Exception[];
  /** What must not have happened; empty when the soak has passed. */
  violations: string[];
}

/** How long every merchant may take to get a token again once nothing is disturbed any more. */
const RECOVERY_MS = 120_000;
/** A token that WeChat has superseded works five more minutes; news of its successor reach every process in a second. */
const NEWS_MS = 1000;

/**
 * Hub processes on one database under faults: killed, frozen, with clocks that jump, a database that restarts, replies of
 * WeChat that are lost or late, refresh tokens that change, duplicated pushes. At the end every merchant must get a token
 * without human help, no later token may have been overwritten by an earlier one, no token that is over may have been
 * handed out, and every refresh beyond one per expiry must be explained.
 */
export function runSoak(options: SoakOptions): Promise<SoakResult> {
  return onStage({ keep: options.keep }, (stage) => new Soak(stage, options).run());
}

class Soak {
  private readonly dice: Dice;
  private readonly disturbances: Disturbance[] = [];
  private readonly expiries = new Map<string, number[]>();
  private readonly appids: string[];

  constructor(
    private readonly stage: Stage,
    private readonly options: SoakOptions,
  ) {
    this.dice = new Dice(options.seed);
    this.appids = Array.from({ length: options.merchants ?? 60 }, (_, n) => appidOf(n));
  }

  async run(): Promise<SoakResult> {
    const { stage, options, dice, appids } = this;
    const simulator = await stage.simulator(['--ticket-interval', '20']);
    const postgres = await stage.postgres();
    const clockFiles = Array.from({ length: options.hubs ?? 4 }, (_, n) => join(stage.folder, `clock-${n}`));
    const ports = await Promise.all(clockFiles.map(() => freePort()));
    const start = (place: number): Promise<HubProcess> =>
      stage.hub(
        simulator.url,
        {
          PORT: String(ports[place]),
          ROLES: 'api,worker',
          WECHAT_TIMEOUT_MS: '1000',
          CLOCK_OFFSET_FILE: clockFiles[place]!,
        },
        ['--import', join(DIST, 'apps/bench/src/clock-jumps.js')],
      );
    const hubs: HubProcess[] = [];
    for (let place = 0; place < clockFiles.length; place += 1) hubs.push(await start(place));
    const platform = await stage.platform(hubs[0]!, simulator, 'wxsoak0000000000001');
    const db = await stage.database();
    await skipScheduledRound(db, platform);
    await simulateFleet(simulator, platform, appids.length);
    await seedFleet(db, stage.sealer, platform, { count: appids.length });
    await watchTokenRows(db);
    await simulator.control('POST', '/push-faults', { kind: 'duplicate', probability: 0.5 });

    const disturb = (disturbance: Disturbance) => this.disturbances.push(disturbance);
    const chaos = new Chaos({ dice, hubs, restartHub: start, postgres, simulator, clockFiles, disturb });
    const alive = () => hubs.filter((_, place) => !chaos.away.has(place));
    const callers = new Callers(alive, simulator.url, platform, appids, dice, disturb);
    const log = new RefreshLog(simulator);
    callers.start(options.callers ?? 16);
    const deadline = Date.now() + options.seconds * 1000;
    let rounds = 0;
    while (Date.now() < deadline && rounds < (options.rounds ?? Number.POSITIVE_INFINITY)) {
      await this.expireSome(db, platform);
      await chaos.round();
      await log.collect();
      rounds += 1;
      if (rounds % 10 === 0) progress(`round ${rounds}, ${callers.findings.handedOut} tokens handed out`);
    }
    progress('calm again');
    await chaos.calm();
    await callers.stop();
    progress(`${rounds} rounds; now every merchant has to get a token`);
    const lost = await this.recoverAll(db, platform, hubs, callers);
    await log.collect();

    const rows = await readTokenWrites(db, stage.sealer, platform);
    const exceptions = accountFor(log.calls, this.expiries, this.disturbances);
    const { findings } = callers;
    const dead = findings.dead.filter(({ appid, at }) => !this.newsWereOnTheirWay(appid, at));
    return {
      rounds,
      disturbances: Object.fromEntries(chaos.counts),
      handedOut: findings.handedOut,
      refused: Object.fromEntries(findings.refused),
      refreshes: log.calls.filter((call) => call.succeeded).length,
      exceptions,
      violations: [
        ...lost.map((text) => `lost: ${text}`),
        ...rows.staleOverwrites.map((text) => `stale overwrite: ${text}`),
        ...rows.blanked.map((appid) => `refresh token blanked: ${appid}`),
        ...findings.expired.map((appid) => `expired token handed out: ${appid}`),
        ...dead.map(({ appid, at, errcode }) => `dead token handed out: ${appid} at ${at}, WeChat said ${errcode}`),
        ...exceptions
          .filter(({ causes }) => causes.length === 0)
          .map(({ appid, expiredAt, calls }) => `unexplained: ${appid}, expired at ${expiredAt}, refreshed ${calls}`),
      ],
    };
  }

  /** For some merchants whom nobody is refreshing, the time of the token is over at once, and every process hears of it. */
  private async expireSome(db: Database, platform: Platform): Promise<void> {
    const some = this.appids.filter(() => this.dice.next() < 0.15);
    try {
      const expired = await db.query<{ appid: string; at: Date }>(
        `WITH expired AS (
           UPDATE custody.authorizer_token
              SET access_token_expires_at = wxfleet.now() - interval '1 second', refresh_after = wxfleet.now() - interval '1 second'
            WHERE platform_id = $1 AND authorizer_appid = ANY ($2) AND state = 'usable' AND failures = 0
              AND access_token_expires_at > wxfleet.now() AND (lease_until IS NULL OR lease_until <= wxfleet.now())
          RETURNING authorizer_appid AS appid)
         SELECT appid, clock_timestamp() AS at, pg_notify('wxfleet_custody', $1 || ':' || appid) FROM expired`,
        [platform.platformId, some],
      );
      for (const { appid, at } of expired) {
        const list = this.expiries.get(appid);
        if (list) list.push(at.getTime());
        else this.expiries.set(appid, [at.getTime()]);
      }
    } catch {
      // The database is away, and whether it still committed the expiry is not known: there may be one more than is counted.
      const now = Date.now();
      this.disturbances.push({ kind: 'unknown expiry', from: now, to: now, appids: new Set(some) });
    }
  }

  /** Everybody's token expires once more, and everybody has to get a new one from any hub. @returns who did not */
  private async recoverAll(db: Database, platform: Platform, hubs: HubProcess[], callers: Callers): Promise<string[]> {
    const deadline = Date.now() + RECOVERY_MS;
    let left = [...this.appids];
    while (left.length > 0 && Date.now() < deadline) {
      const answers = await Promise.all(left.map((appid) => callers.ask(this.dice.pick(hubs), appid)));
      left = left.filter((_, index) => answers[index] === null);
      if (left.length > 0) await pause(1000);
    }
    const unusable = await db.query<{ appid: string; state: string }>(
      `SELECT authorizer_appid AS appid, state FROM custody.authorizer_token
        WHERE platform_id = $1 AND (state <> 'usable' OR sealed_refresh_token IS NULL)`,
      [platform.platformId],
    );
    return [
      ...left.map((appid) => `${appid} got no token within ${RECOVERY_MS / 1000} s`),
      ...unusable.map(({ appid, state }) => `${appid} is ${state}`),
    ];
  }

  /** A disturbance at that moment, or just before, kept a process from hearing that the token had a successor. */
  private newsWereOnTheirWay(appid: string, at: number): boolean {
    return this.disturbances.some(
      ({ from, to, appids }) => from <= at && at <= to + 10 * NEWS_MS && (!appids || appids.has(appid)),
    );
  }
}

/** Prints the account of every exception and the result. @returns whether the soak has passed */
export function showSoak(result: SoakResult, seed: number): boolean {
  for (const { appid, expiredAt, refreshes, causes } of result.exceptions)
    process.stdout.write(
      `  ${new Date(expiredAt).toISOString()} ${appid}: ${refreshes} refreshes; ${causes.join(', ') || 'NOT EXPLAINED'}\n`,
    );
  for (const violation of result.violations) process.stdout.write(`  VIOLATION ${violation}\n`);
  report('soak', {
    seed,
    rounds: result.rounds,
    ...result.disturbances,
    tokens_handed_out: result.handedOut,
    refused: Object.entries(result.refused)
      .map(([code, count]) => `${code} ${count}`)
      .join(', '),
    successful_refreshes: result.refreshes,
    refreshes_beyond_one_explained: result.exceptions.filter(({ causes }) => causes.length > 0).length,
    violations: result.violations.length,
  });
  return result.violations.length === 0;
}

async function main(): Promise<void> {
  const program = new Command('soak')
    .description(
      'Custody under faults: hub processes on one database are killed, frozen and lied to, and at the end nothing is lost. ' +
        'Prints every exception with its cause; ends with 1 when something is not explained.',
    )
    .option('--minutes <n>', 'how long to disturb', Number, 2)
    .option('--rounds <n>', 'disturbances at most', whole(1))
    .option('--seed <n>', 'of the dice; what the processes make of it is not repeatable', whole(0), Date.now() % 1e6)
    .option('--hubs <n>', 'hub processes', whole(1), 4)
    .option('--merchants <n>', 'merchants', whole(1), 60)
    .option('--callers <n>', 'callers at once', whole(1), 16)
    .option('--keep', 'keep the temporary folder with logs and database')
    .parse();
  const options = program.opts<SoakOptions & { minutes: number }>();
  const result = await runSoak({ ...options, seconds: options.minutes * 60 });
  if (!showSoak(result, options.seed)) process.exitCode = 1;
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) await main();
