import type { NewEvent } from '#libs/events';
import { driftOf, type Slots } from '../lists/content-facts.ts';
import { EDIT_LIMIT, LIST_LIMIT, levelOf } from '../lists/limits.ts';
import type { SlotChange } from '../lists/domain-diff.ts';
import { DOMAIN_LISTS, EFFECTIVE, LIST_COUNT, groupOf, listOf, type DomainList } from '../lists/slots.ts';
import { snapshotId } from '../history/snapshot-id.ts';

/** Of which mini program an event tells. */
export interface EventSubject {
  platformId: number;
  authorizerAppid: string;
  merchantId: string | null;
}

/** A snapshot that differs from the one before it, or the first one. */
export interface ChangedSnapshot extends EventSubject {
  authorizerId: number;
  no: number;
  isFirst: boolean;
  changes: readonly SlotChange<number>[];
  /** Edits seen in the month of this one; null: it is none. */
  edits: number | null;
  before: Slots<number>;
  after: Slots<number>;
}

/** Domains in one event; the snapshot has all of them. */
const MOST_DOMAINS = 100;

/**
 * Events of a changed snapshot: that domains changed, that those in force did, and that a mini program began or ceased to have
 * domains that are configured and not in force.
 * @param names of the domains by id, as far as `changes` and what is pending mention them
 */
export function eventsOfChange(of: ChangedSnapshot, names: ReadonlyMap<number, string>): NewEvent[] {
  const { platformId, authorizerAppid, merchantId } = of;
  const subject = { platformId, authorizerAppid, merchantId };
  const snapshot_id = snapshotId(of.authorizerId, of.no);
  if (of.isFirst) {
    const sent = of.after.flatMap((entries, slot) => (entries ? [groupOf(slot)] : []));
    const data = { snapshot_id, groups: [...new Set(sent)] };
    return [{ ...subject, type: 'domains.first_seen', data }, ...fullLists(of)];
  }
  const events: NewEvent[] = [];
  if (of.changes.length > 0) {
    const groups = [...new Set(of.changes.map(({ slot }) => groupOf(slot)))];
    events.push({ ...subject, type: 'domains.changed', data: { snapshot_id, groups, ...told(of.changes, names) } });
  }
  const effective = of.changes.filter(({ slot }) => slot >= EFFECTIVE * LIST_COUNT);
  if (effective.length > 0) {
    events.push({
      ...subject,
      type: 'domains.effective',
      data: { snapshot_id, release: null, ...told(effective, names) },
    });
  }
  const [was, is] = [driftOf(of.before), driftOf(of.after)];
  if (was.length === 0 && is.length > 0) {
    events.push({ ...subject, type: 'domains.drift_started', data: { pending: pendingOf(is, names) } });
  }
  if (was.length > 0 && is.length === 0) {
    events.push({ ...subject, type: 'domains.drift_ended', data: { pending: pendingOf(was, names) } });
  }
  return [...events, ...fullLists(of)];
}

/** Lists that reached 80, 95 or 100 % of what WeChat allows and had not before. */
function fullLists({ platformId, authorizerAppid, merchantId, before, after }: ChangedSnapshot): NewEvent[] {
  return after.flatMap((entries, slot): NewEvent[] => {
    const count = entries?.length ?? 0;
    const level = levelOf(count, LIST_LIMIT);
    if (level === 0 || level <= levelOf(before[slot]?.length ?? 0, LIST_LIMIT)) return [];
    const where = { group: groupOf(slot), list: listOf(slot), domain: null };
    const data = { limit: 'list_200' as const, ...where, count, level };
    return [{ platformId, authorizerAppid, merchantId, type: 'domains.limit', data }];
  });
}

/** Tells when this snapshot is the edit by which a level of the month's edits is reached. */
export function editsReached({ platformId, authorizerAppid, merchantId, edits: count }: ChangedSnapshot): NewEvent[] {
  if (count === null) return [];
  const level = levelOf(count, EDIT_LIMIT);
  if (level === 0 || level === levelOf(count - 1, EDIT_LIMIT)) return [];
  const data = { limit: 'edits_50' as const, group: null, list: null, domain: null, count, level };
  return [{ platformId, authorizerAppid, merchantId, type: 'domains.limit', data }];
}

/** Ids of domains that events of these snapshots name. */
export function domainsOfChanges(all: readonly ChangedSnapshot[]): number[] {
  const ids = new Set<number>();
  for (const { changes, before, after, isFirst } of all) {
    if (isFirst) continue;
    for (const { added, removed } of changes) for (const id of [...added, ...removed]) ids.add(id);
    for (const content of [before, after])
      for (const { pending } of driftOf(content)) for (const id of pending) ids.add(id);
  }
  return [...ids];
}

function told(changes: readonly SlotChange<number>[], names: ReadonlyMap<number, string>) {
  let left = MOST_DOMAINS;
  let truncated = false;
  const some = (ids: readonly number[]) => {
    const taken = ids.slice(0, left);
    left -= taken.length;
    if (taken.length < ids.length) truncated = true;
    return namesOf(taken, names);
  };
  const listed = changes.map(({ slot, added, removed }) => ({
    group: groupOf(slot),
    list: listOf(slot),
    added: some(added),
    removed: some(removed),
  }));
  return { changes: listed, truncated };
}

function pendingOf(
  drift: readonly { list: number; pending: readonly number[] }[],
  names: ReadonlyMap<number, string>,
): { list: DomainList; domains: string[] }[] {
  return drift
    .filter(({ pending }) => pending.length > 0)
    .map(({ list, pending }) => ({ list: DOMAIN_LISTS[list] as DomainList, domains: namesOf(pending, names) }));
}

function namesOf(ids: readonly number[], names: ReadonlyMap<number, string>): string[] {
  return ids.flatMap((id) => names.get(id) ?? []).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
