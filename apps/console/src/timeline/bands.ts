import type { Schemas } from '../api.ts';

type Lifespan = Pick<
  Schemas['Lifespan'],
  'group' | 'list' | 'domain' | 'first_observed_at' | 'last_observed_at' | 'ended_at' | 'present'
>;

/** A time in which the content did not change: from its first to its last observation. */
export interface Stretch {
  from: number;
  to: number;
  /** Times within, between two equal observations, in which it may have been different. */
  gaps?: readonly { from: number; to: number }[];
}

/** Part of a band: `sure` was observed on both sides, `maybe` lies between two observations, `latest` after the last one. */
export interface Part {
  kind: 'sure' | 'maybe' | 'latest';
  from: number;
  to: number;
}

export interface Row {
  domain: string;
  parts: Part[];
  /** Present all the time that was observed: nothing to see, so it may be folded. */
  unchanged: boolean | null;
  present: boolean;
}

export interface Band {
  group: Lifespan['group'];
  list: Lifespan['list'];
  rows: Row[];
  unchanged: Row[];
}

export interface TimelineData {
  from: number;
  to: number;
  bands: Band[];
}

const ms = (iso: string) => Date.parse(iso);

/**
 * Bands of a timeline from lifespans (in the order group, list, domain, time) and the stretches in which the account was
 * observed, oldest first. What lies before the first observation or after a lost permission is nobody's band: it stays white.
 * @param until end of the axis, usually now
 * @param latestHolds whether what was observed last may be taken to hold until now
 */
export function bandsOf(
  lifespans: readonly Lifespan[],
  stretches: readonly Stretch[],
  until: number,
  latestHolds: boolean,
): TimelineData {
  const first = stretches[0]?.from ?? Math.min(until, ...lifespans.map((span) => ms(span.first_observed_at)));
  const last = stretches.at(-1)?.to ?? Math.max(first, ...lifespans.map((span) => ms(span.last_observed_at)));
  // An account that has just been observed for the first time may lie after a moment that was rounded down.
  const end = Math.max(until, last);
  const gaps = stretches.flatMap((stretch) => stretch.gaps ?? []);
  const starts = new Map(stretches.map((stretch, at) => [stretch.from, stretches[at - 1]?.to]));
  const bands = new Map<string, Band>();
  const rows = new Map<string, Row>();
  for (const span of lifespans) {
    const bandKey = `${span.group} ${span.list}`;
    let band = bands.get(bandKey);
    if (!band) bands.set(bandKey, (band = { group: span.group, list: span.list, rows: [], unchanged: [] }));
    const rowKey = `${bandKey} ${span.domain}`;
    let row = rows.get(rowKey);
    if (!row) {
      row = { domain: span.domain, parts: [], unchanged: null, present: false };
      rows.set(rowKey, row);
      band.rows.push(row);
    }
    const from = ms(span.first_observed_at);
    const to = ms(span.last_observed_at);
    const before = starts.get(from);
    if (before !== undefined && before < from) row.parts.push({ kind: 'maybe', from: before, to: from });
    row.parts.push(...without(gaps, from, to));
    if (span.ended_at !== null) row.parts.push({ kind: 'maybe', from: to, to: ms(span.ended_at) });
    else if (latestHolds && to < end) row.parts.push({ kind: 'latest', from: to, to: end });
    if (span.present) row.present = true;
    // Equal on both sides of a gap is unchanged as far as anybody knows.
    row.unchanged = row.unchanged === null && span.ended_at === null && from <= first && span.present;
  }
  for (const band of bands.values()) {
    band.unchanged = band.rows.filter(({ unchanged }) => unchanged === true);
    band.rows = band.rows.filter(({ unchanged }) => unchanged !== true);
  }
  // A little room before the first observation, so that it is seen that nothing is known of the time before.
  const room = Math.max(1, (end - first) * 0.03);
  return { from: first - room, to: end, bands: [...bands.values()] };
}

/** A sure time, with the gaps in it. */
function without(gaps: readonly { from: number; to: number }[], from: number, to: number): Part[] {
  const parts: Part[] = [];
  let at = from;
  for (const gap of gaps) {
    if (gap.to <= at || gap.from >= to) continue;
    if (gap.from > at) parts.push({ kind: 'sure', from: at, to: gap.from });
    parts.push({ kind: 'maybe', from: Math.max(at, gap.from), to: Math.min(to, gap.to) });
    at = Math.min(to, gap.to);
  }
  if (at < to || parts.length === 0) parts.push({ kind: 'sure', from: at, to });
  return parts;
}

/** Marks of an axis at full days, weeks or months of local time, at most `max`. */
export function ticksOf(from: number, to: number, max: number): number[] {
  const day = 86_400_000;
  const steps = [3_600_000, 6 * 3_600_000, day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 180 * day, 365 * day];
  const step =
    steps.find((size) => (to - from) / size <= max) ?? 365 * day * Math.ceil((to - from) / (365 * day * max));
  const start = new Date(from);
  if (step >= day) start.setHours(0, 0, 0, 0);
  else start.setMinutes(0, 0, 0);
  const ticks: number[] = [];
  for (let at = start.getTime(); at <= to; at += step) if (at >= from) ticks.push(at);
  return ticks;
}

/**
 * Where a part is drawn, in percent of the width: never too narrow to be seen, and never outside.
 * @param share place of a moment in percent
 */
export function placed(
  { from, to }: { from: number; to: number },
  share: (at: number) => number,
  least = 0.25,
): { x: string; width: string } {
  const begin = Math.max(0, share(from));
  const width = Math.max(share(to) - begin, least);
  return { x: `${Math.min(begin, 100 - width)}%`, width: `${width}%` };
}
