import { slotOf } from '#libs/authorizers';
import { custodySealedTables } from '#libs/custody';
import { roundStart } from '#libs/domain-ledger';
import { type Database, type Sealer, durationMs } from '#libs/kernel';
import { TokenMint } from '../../simulator/src/token-mint.ts';
import { type Platform, SIMULATOR_SEED, SNAPSHOT_INTERVAL, type SimulatorProcess } from './stage.ts';

const BATCH = 5000;
const PERMISSION_SETS = [17, 18, 19, 25, 30, 31];

export interface FleetOptions {
  count: number;
  /** `valid`: good for two hours and known to WeChat; `expired`: to be refreshed; `none`: never fetched. Default valid. */
  tokens?: 'valid' | 'expired' | 'none';
  /** First index; for growing a fleet. */
  from?: number;
  /** Official accounts have tokens and no domains: nothing is swept. Default mini_program. */
  kind?: 'mini_program' | 'official_account';
  /** Seconds that a valid access token is good for, by the hub's clock. Default 7200, as at WeChat. */
  lifeSeconds?: number;
}

/** Appid of a member of the simulator's computed fleet. */
export function appidOf(index: number): string {
  return `wxf1ee70${index.toString(16).padStart(10, '0')}`;
}

/** The refresh token that the simulator expects of a member of its fleet. */
export function refreshTokenOf(componentAppid: string, appid: string): string {
  return new TokenMint(SIMULATOR_SEED).refresh(componentAppid, appid, 0, 0);
}

/** A valid access token of each member, as if it had just been fetched. */
export function accessTokensOf(componentAppid: string, appids: readonly string[]): string[] {
  const mint = new TokenMint(SIMULATOR_SEED);
  const issuedAt = Math.floor(Date.now() / 1000);
  return appids.map((authorizerAppid) =>
    mint.access({ kind: 'authorizer', componentAppid, authorizerAppid, issuedAt, serial: 1, epoch: 0 }),
  );
}

/** The component token that is current at the simulator, so that a baseline can call without pushing out the hub's. */
export async function componentTokenOf(simulator: SimulatorProcess, platform: Platform): Promise<string> {
  const { componentAppid } = platform;
  const world = await simulator.control<{ platforms: { componentAppid: string; componentTokens: number }[] }>(
    'GET',
    '/world',
  );
  const serial = world.platforms.find((each) => each.componentAppid === componentAppid)?.componentTokens ?? 0;
  const issuedAt = Math.floor(Date.now() / 1000);
  return new TokenMint(SIMULATOR_SEED).access({
    kind: 'component',
    componentAppid,
    authorizerAppid: '',
    issuedAt,
    serial,
    epoch: 0,
  });
}

export interface SimulatedFleet {
  /** Share of accounts with a domain that nobody else has. */
  uniqueShare?: number;
}

/** Lets a computed fleet of `count` mini programs be authorized at the simulator. */
export async function simulateFleet(
  simulator: SimulatorProcess,
  platform: Platform,
  count: number,
  options: SimulatedFleet = {},
): Promise<void> {
  await simulator.control('POST', '/fleets', {
    platform: platform.componentAppid,
    count,
    seed: SIMULATOR_SEED,
    ...options,
  });
}

/**
 * Writes a fleet straight into the tables, as reconciliation would leave it but in seconds instead of hours: accounts
 * by set-based SQL, tokens sealed one by one by the real sealer at their real places. The triggers of the domain ledger
 * make the watch rows. What is measured afterwards starts from rows that are no different from earned ones.
 */
export async function seedFleet(
  db: Database,
  sealer: Sealer,
  platform: Platform,
  { count, tokens = 'valid', from = 0, kind = 'mini_program', lifeSeconds = 7200 }: FleetOptions,
): Promise<void> {
  const place = placesOfTokens();
  const { platformId, componentAppid } = platform;
  const mint = new TokenMint(SIMULATOR_SEED);
  const life = tokens === 'valid' ? lifeSeconds : -60;
  for (let at = from; at < from + count; at += BATCH) {
    const appids = Array.from({ length: Math.min(BATCH, from + count - at) }, (_, i) => appidOf(at + i));
    const access = tokens === 'none' ? null : accessTokensOf(componentAppid, appids);
    const row = (appid: string) => ({ platform_id: platformId, authorizer_appid: appid });
    await db.transaction(async (sql) => {
      await sql.run(
        `INSERT INTO authorizers.authorizer
           (platform_id, authorizer_appid, slot, state, kind, nick_name, principal_name, permission_sets, authorized_at, info_fetched_at)
         SELECT $1, appid, slot, 'authorized', $5, '门店 ' || appid, 'Benchmark Ltd', $4,
                wxfleet.now() - interval '30 days', wxfleet.now()
           FROM unnest($2::text[], $3::int[]) AS f (appid, slot)`,
        [platformId, appids, appids.map(slotOf), PERMISSION_SETS, kind],
      );
      await sql.run(
        `INSERT INTO custody.authorizer_token
           (platform_id, authorizer_appid, sealed_refresh_token, refresh_token_received_at, sealed_access_token,
            access_token_expires_at, refresh_after, generation)
         SELECT $1, appid, refresh, wxfleet.now(), access, wxfleet.now() + make_interval(secs => $5),
                wxfleet.now() + make_interval(secs => $5 - 900), 1
           FROM unnest($2::text[], $3::bytea[], $4::bytea[]) AS f (appid, refresh, access)`,
        [
          platformId,
          appids,
          appids.map((appid) => sealer.seal(mint.refresh(componentAppid, appid, 0, 0), place.refresh(row(appid)))),
          appids.map((appid, i) => (access ? sealer.seal(access[i] as string, place.access(row(appid))) : null)),
          life,
        ],
      );
    });
  }
  await db.query('VACUUM (ANALYZE) authorizers.authorizer, custody.authorizer_token, domain_ledger.watch');
}

/** Every token of the platform has expired, and its refresh is due, from now on. */
export async function expireTokens(db: Database, platform: Platform): Promise<void> {
  await db.run(
    `UPDATE custody.authorizer_token
        SET access_token_expires_at = wxfleet.now() - interval '1 minute', refresh_after = wxfleet.now() - interval '1 minute'
      WHERE platform_id = $1`,
    [platform.platformId],
  );
}

/** The scheduled round of the present interval counts as done: only sweeps that are asked for run. */
export async function skipScheduledRound(db: Database, platform: Platform): Promise<void> {
  await db.run(
    `INSERT INTO domain_ledger.sweep (platform_id, round_at, expected, state, finished_at)
     VALUES ($1, $2, 0, 'done', wxfleet.now()) ON CONFLICT DO NOTHING`,
    [platform.platformId, roundStart(durationMs(SNAPSHOT_INTERVAL), new Date())],
  );
}

/** What sealed tokens are bound to, from the library that opens them. */
export function placesOfTokens(): Record<'refresh' | 'access', (row: Record<string, unknown>) => string> {
  const table = custodySealedTables.find((each) => each.table === 'custody.authorizer_token');
  const aad = (column: string) => {
    const sealed = table?.sealed.find((each) => each.column === column);
    if (!sealed) throw new Error(`custody seals no ${column}`);
    return sealed.aad;
  };
  return { refresh: aad('sealed_refresh_token'), access: aad('sealed_access_token') };
}
