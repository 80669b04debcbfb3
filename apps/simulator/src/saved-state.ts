import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { Account, type AccountKind, type AccountOptions } from './accounts.ts';
import type { AuthCode, PreAuthCode } from './codes.ts';
import type { FleetOptions } from './fleet.ts';
import type { Grant } from './grants.ts';
import { Platform, type PlatformOptions, type PlatformServerDomains } from './platform.ts';
import type { WorldQuirks } from './quirks.ts';
import type { World } from './world.ts';

/** Everything that must outlive a restart; plain JSON. Faults, counters and hooks are not part of it. */
export interface SavedState {
  readonly version: 1;
  readonly seed: string;
  /** How far the simulated clock is ahead of the real one. */
  readonly clockOffsetMs: number;
  readonly platforms: {
    readonly options: PlatformOptions;
    readonly tokenSerial: number;
    readonly tokenIssuedAt: number;
    readonly ticketSerial: number;
    readonly lastTicket: string | null;
    readonly pushing: boolean;
    readonly serverDomains: PlatformServerDomains | null;
    readonly jumpDomains?: PlatformServerDomains | null;
  }[];
  readonly accounts: ({ readonly kind: AccountKind } & AccountOptions)[];
  readonly grants: { readonly componentAppid: string; readonly appid: string; readonly grant: Grant }[];
  readonly fleets: { readonly options: FleetOptions; readonly state: Record<string, string> }[];
  readonly authCodes: AuthCode[];
  readonly preAuthCodes: PreAuthCode[];
  readonly ipLists: { readonly apiDomain: string[]; readonly callback: string[] };
  readonly quirks: WorldQuirks;
}

export function exportState(world: World): SavedState {
  return {
    version: 1,
    seed: world.seed,
    clockOffsetMs: Math.round(world.clock.nowMs() - Date.now()),
    platforms: [...world.platforms.values()].map((platform) => ({
      options: platform.options(),
      tokenSerial: platform.tokenSerial,
      tokenIssuedAt: platform.tokenIssuedAt,
      ticketSerial: platform.ticketSerial,
      lastTicket: platform.lastTicket,
      pushing: platform.pushing,
      serverDomains: platform.serverDomains,
      jumpDomains: platform.jumpDomains,
    })),
    accounts: [...world.accounts.values()].map((account) => ({ kind: account.kind, ...account.options() })),
    grants: [...world.platforms.keys()].flatMap((componentAppid) =>
      [...world.grants.explicitOf(componentAppid)].map(([appid, grant]) => ({ componentAppid, appid, grant })),
    ),
    fleets: world.fleets.map((fleet) => ({ options: fleet.options, state: fleet.exportState() })),
    authCodes: [...world.codes.authCodes.values()],
    preAuthCodes: [...world.codes.preAuthCodes.values()],
    ipLists: world.ipLists,
    quirks: world.quirks,
  };
}

/** Puts saved state into a world that was made with the same seed. Pushes nothing. */
export function importState(world: World, saved: SavedState): void {
  if (saved.seed !== world.seed) throw new Error('the saved state belongs to a world with another seed');
  world.clock.set(Date.now() + saved.clockOffsetMs);
  for (const { options, ...rest } of saved.platforms) {
    const platform = Object.assign(new Platform(options), rest);
    world.platforms.set(platform.componentAppid, platform);
  }
  for (const { kind, ...options } of saved.accounts) world.accounts.set(options.appid, new Account(kind, options));
  for (const { options, state } of saved.fleets) world.addFleet(options).importState(state);
  for (const { componentAppid, appid, grant } of saved.grants) world.grants.put(componentAppid, appid, { ...grant });
  for (const code of saved.authCodes) world.codes.authCodes.set(code.code, { ...code });
  for (const code of saved.preAuthCodes) world.codes.preAuthCodes.set(code.code, { ...code });
  world.ipLists.apiDomain = [...saved.ipLists.apiDomain];
  world.ipLists.callback = [...saved.ipLists.callback];
  Object.assign(world.quirks, saved.quirks);
}

const WRITE_AFTER_MS = 1_000;
/** Writing takes at most one part in this many of the time, however large the world. */
const WRITE_SHARE = 20;

/** Keeps a world in a file: written about a second after the first change, and once more at the end. */
export class StateFile {
  readonly #path: string;
  readonly #world: World;
  #timer: NodeJS.Timeout | null = null;
  #delayMs = WRITE_AFTER_MS;

  constructor(path: string, world: World) {
    this.#path = path;
    this.#world = world;
    world.onTouch(() => {
      this.#timer ??= setTimeout(() => this.write(), this.#delayMs).unref();
    });
  }

  /** The state of an earlier run; null when there was none. */
  static read(path: string): SavedState | null {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as SavedState;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Replaces the file in one step, so that a crash leaves the old or the new one. Holds secrets: mode 0600. */
  write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const startedAt = performance.now();
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(exportState(this.#world)), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
    this.#delayMs = Math.max(WRITE_AFTER_MS, WRITE_SHARE * (performance.now() - startedAt));
  }
}
