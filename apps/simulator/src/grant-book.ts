import type { Fleet } from './fleet.ts';
import type { Grant } from './grants.ts';

/** One line of the authorizer list. */
export interface ListedGrant {
  readonly appid: string;
  readonly grant: Grant;
}

interface PlatformGrants {
  /** Explicit grants, in order of their first authorization. */
  readonly explicit: Map<string, Grant>;
  readonly fleets: Fleet[];
  /** Authorized accounts outside fleets; null when it has to be made again. */
  order: string[] | null;
  /** Fleet indexes that are not authorized any more, sorted; null when to be made again. */
  removed: Map<Fleet, number[]> | null;
}

/** All authorizations. Fleet accounts have one without being stored, until theirs is changed. */
export class GrantBook {
  readonly #platforms = new Map<string, PlatformGrants>();

  addFleet(fleet: Fleet): void {
    const grants = this.#of(fleet.platform);
    grants.fleets.push(fleet);
    grants.removed = null;
  }

  clear(): void {
    this.#platforms.clear();
  }

  find(componentAppid: string, appid: string): Grant | null {
    const grants = this.#platforms.get(componentAppid);
    if (grants === undefined) return null;
    const explicit = grants.explicit.get(appid);
    if (explicit !== undefined) return explicit;
    for (const fleet of grants.fleets) {
      const index = fleet.indexOf(appid);
      if (index >= 0) return fleet.grantOf(index);
    }
    return null;
  }

  /** The grant as an object of its own, made from the fleet when needed. The caller must call `changed` after changing it. */
  explicit(componentAppid: string, appid: string): Grant | null {
    const grant = this.find(componentAppid, appid);
    if (grant === null) return null;
    const known = this.#of(componentAppid).explicit.get(appid);
    if (known !== undefined) return known;
    const { authorized, permissionSets, authTime, epoch, exchanged, serial, issuedAt, rotation, rotatedAt, refreshes } =
      grant;
    const own = {
      authorized,
      permissionSets,
      authTime,
      epoch,
      exchanged,
      serial,
      issuedAt,
      rotation,
      rotatedAt,
      refreshes,
    };
    this.put(componentAppid, appid, own);
    return own;
  }

  put(componentAppid: string, appid: string, grant: Grant): void {
    this.#of(componentAppid).explicit.set(appid, grant);
    this.changed(componentAppid);
  }

  changed(componentAppid: string): void {
    const grants = this.#of(componentAppid);
    grants.order = null;
    grants.removed = null;
  }

  /** Explicit grants of a platform: what a change or an authorization left, not the fleets. */
  explicitOf(componentAppid: string): ReadonlyMap<string, Grant> {
    return this.#of(componentAppid).explicit;
  }

  /** How many accounts are authorized to a platform. */
  total(componentAppid: string): number {
    const grants = this.#of(componentAppid);
    this.#index(grants);
    let total = grants.order?.length ?? 0;
    for (const fleet of grants.fleets) total += fleet.count - (grants.removed?.get(fleet)?.length ?? 0);
    return total;
  }

  /** One page of the authorizer list: fleets by index, then the others by their first authorization. */
  page(componentAppid: string, offset: number, count: number): ListedGrant[] {
    const grants = this.#of(componentAppid);
    this.#index(grants);
    const listed: ListedGrant[] = [];
    let skip = offset;
    for (const fleet of grants.fleets) {
      const removed = grants.removed?.get(fleet) ?? [];
      const size = fleet.count - removed.length;
      for (let at = skip; at < size && listed.length < count; at += 1) {
        const index = nth(at, removed);
        const appid = fleet.appidOf(index);
        listed.push({ appid, grant: grants.explicit.get(appid) ?? fleet.grantOf(index) });
      }
      skip = Math.max(0, skip - size);
    }
    for (const appid of (grants.order ?? []).slice(skip, skip + count - listed.length)) {
      const grant = grants.explicit.get(appid);
      if (grant !== undefined) listed.push({ appid, grant });
    }
    return listed;
  }

  #index(grants: PlatformGrants): void {
    if (grants.order !== null && grants.removed !== null) return;
    grants.order = [];
    grants.removed = new Map(grants.fleets.map((fleet) => [fleet, []]));
    for (const [appid, grant] of grants.explicit) {
      const fleet = grants.fleets.find((candidate) => candidate.indexOf(appid) >= 0);
      if (fleet === undefined) {
        if (grant.authorized) grants.order.push(appid);
      } else if (!grant.authorized) {
        grants.removed.get(fleet)?.push(fleet.indexOf(appid));
      }
    }
    for (const removed of grants.removed.values()) removed.sort((a, b) => a - b);
  }

  #of(componentAppid: string): PlatformGrants {
    let grants = this.#platforms.get(componentAppid);
    if (grants === undefined) {
      grants = { explicit: new Map(), fleets: [], order: null, removed: null };
      this.#platforms.set(componentAppid, grants);
    }
    return grants;
  }
}

/** The `at`-th index that is not in the sorted list of removed ones. */
function nth(at: number, removed: readonly number[]): number {
  let index = at;
  for (const gone of removed) {
    if (gone > index) break;
    index += 1;
  }
  return index;
}
