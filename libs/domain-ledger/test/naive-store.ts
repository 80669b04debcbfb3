import type { Certainty } from '#libs/contract';
import { normaliseEffectiveDomains } from '../src/index.ts';

/** Something that happened to one mini program, at its true time. */
export type NaiveEvent = { at: number; kind: 'observed'; body: Buffer } | { at: number; kind: 'hindered' };

export interface NaiveAnswer {
  certainty: Certainty;
  before: number | null;
  after: number | null;
  /** Normal form as JSON, of the observation before; null without one. */
  content: string | null;
}

/** Keeps every answer in full and knows nothing of snapshots: what the ledger's answers are held against. */
export class NaiveStore {
  private readonly events: NaiveEvent[] = [];

  constructor(private readonly silenceMs: number) {}

  add(event: NaiveEvent): void {
    this.events.push(event);
    this.events.sort((a, b) => a.at - b.at);
  }

  at(moment: number): NaiveAnswer {
    const seen = this.events.filter((event) => event.kind === 'observed');
    const before = seen.findLast((event) => event.at <= moment) ?? null;
    const after = seen.find((event) => event.at > moment) ?? null;
    const answer = { before: before?.at ?? null, after: after?.at ?? null, content: before && contentOf(before.body) };
    return { ...answer, certainty: this.certaintyOf(moment, before, after) };
  }

  private certaintyOf(
    moment: number,
    before: { at: number; body: Buffer } | null,
    after: { at: number; body: Buffer } | null,
  ): Certainty {
    if (!before) return 'unknown';
    if (before.at === moment) return 'observed';
    const hindered = (from: number, to: number) =>
      this.events.some((event) => event.kind === 'hindered' && event.at > from && event.at <= to);
    if (!after) return hindered(before.at, moment) ? 'unknown' : 'latest';
    const same = contentOf(before.body) === contentOf(after.body);
    const quiet = !hindered(before.at, after.at) && after.at - before.at <= this.silenceMs;
    return same && quiet ? 'observed' : 'between_observations';
  }
}

interface Run {
  first: number;
  /** When the answer of the first observation was read: from then on it surely was so. */
  certain: number;
  /** The observation before the last one; of a run that goes on, it is known by its time. */
  previous: number | null;
  last: number;
  /** When the answers of these two were read. */
  previousRead: number;
  lastRead: number;
  content: string;
}

/**
 * The same in the order in which things came to be known. An answer that is older than one that has been taken takes no part; where
 * it contradicts the run it falls into, and where a failure falls into a run, the time from the nearest known observation before to
 * the nearest after counts as between observations. Known are the first and the last of a run, and the last but one of the latest.
 */
export class ArrivalStore {
  private readonly runs: Run[] = [];
  /** `certain`: when the answer of the look at `to` was read. */
  private readonly gaps: { run: Run; from: number; to: number; certain: number }[] = [];
  private unreadableSince: number | null = null;
  private unreadableAt: number | null = null;

  constructor(private readonly silenceMs: number) {}

  /** @param until when its answer was read: it is true at some moment from `at` to then */
  observed(at: number, body: Buffer, until = at): void {
    const content = contentOf(body);
    const latest = this.runs.at(-1);
    if (latest && at <= latest.last) return this.interrupt(at, content, until);
    if (latest?.content === content) {
      const blind = this.unreadableSince !== null && this.unreadableSince <= at;
      if (blind || at - latest.last > this.silenceMs) {
        this.gaps.push({ run: latest, from: latest.last, to: at, certain: until });
      }
      Object.assign(latest, { previous: latest.last, previousRead: latest.lastRead, last: at, lastRead: until });
    } else {
      const read = { certain: until, previousRead: until, lastRead: until };
      this.runs.push({ first: at, previous: null, last: at, content, ...read });
    }
    // What hindered after this answer goes on hindering; since when is only known where all of it came after.
    const hinders = this.unreadableAt !== null && this.unreadableAt > at;
    if (this.unreadableSince === null || this.unreadableSince <= at) this.unreadableSince = hinders ? at : null;
    if (!hinders) this.unreadableAt = null;
  }

  failed(at: number): void {
    const latest = this.runs.at(-1);
    if (latest && at <= latest.last) return this.interrupt(at, null);
    this.unreadableSince = Math.min(this.unreadableSince ?? at, at);
    this.unreadableAt = Math.max(this.unreadableAt ?? at, at);
  }

  /** By the database's clock: nothing that has been taken is younger. */
  revoked(at: number): void {
    this.unreadableSince ??= at;
    this.unreadableAt = Math.max(this.unreadableAt ?? at, at);
  }

  at(moment: number): NaiveAnswer {
    const index = this.runs.findLastIndex((run) => run.first <= moment);
    const run = this.runs[index];
    const next = this.runs[index + 1]?.first ?? null;
    if (!run) return { certainty: 'unknown', before: null, after: next, content: null };
    if (moment > run.last) {
      const blind = next === null && this.unreadableSince !== null && this.unreadableSince <= moment;
      return {
        certainty: next !== null ? 'between_observations' : blind ? 'unknown' : 'latest',
        before: run.last,
        after: next,
        content: run.content,
      };
    }
    const gaps = this.gaps.filter((gap) => gap.run === run);
    const known = [run.first, run.last, ...gaps.flatMap((gap) => [gap.from, gap.to])];
    const later = known.filter((each) => each > moment);
    return {
      certainty:
        gaps.some((gap) => gap.from < moment && moment < gap.certain) || moment < run.certain
          ? 'between_observations'
          : 'observed',
      before: Math.max(...known.filter((each) => each <= moment)),
      after: later.length > 0 ? Math.min(...later) : next,
      content: run.content,
    };
  }

  private interrupt(at: number, content: string | null, until = at): void {
    for (const run of this.runs) {
      if (run.first < until && at < run.last && run.content !== content) this.interruptRun(run, at, until);
    }
  }

  private interruptRun(run: Run, at: number, until: number): void {
    const known = [
      { asked: run.first, read: run.certain },
      { asked: run.last, read: run.lastRead },
    ];
    if (run === this.runs.at(-1) && run.previous !== null) known.push({ asked: run.previous, read: run.previousRead });
    const from = Math.max(run.first, ...known.map((each) => each.asked).filter((asked) => asked < at));
    const after = known.filter((each) => each.asked > at && each.asked >= until);
    const to = Math.min(run.last, ...after.map((each) => each.asked));
    const certain = to === run.last ? run.lastRead : run.previousRead;
    // A run of one observation has no time in it that could be uncertain: a gap without length is none, and none to widen later.
    if (from >= to) return;
    const wider = this.gaps.find((gap) => gap.run === run && gap.from === from);
    if (!wider) this.gaps.push({ run, from, to, certain });
    else if (to >= wider.to)
      Object.assign(wider, { to, certain: to > wider.to ? certain : Math.max(wider.certain, certain) });
  }
}

export function contentOf(body: Buffer): string {
  return JSON.stringify(normaliseEffectiveDomains(JSON.parse(body.toString('utf8'))));
}
