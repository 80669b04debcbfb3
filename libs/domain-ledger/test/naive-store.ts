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
    if (!after) return hindered(before.at, moment) ? 'unknown' : 'between_observations';
    const same = contentOf(before.body) === contentOf(after.body);
    const quiet = !hindered(before.at, after.at) && after.at - before.at <= this.silenceMs;
    return same && quiet ? 'observed' : 'between_observations';
  }
}

export function contentOf(body: Buffer): string {
  return JSON.stringify(normaliseEffectiveDomains(JSON.parse(body.toString('utf8'))));
}
