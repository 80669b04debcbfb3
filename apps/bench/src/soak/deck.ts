import type { Dice } from '../dice.ts';

/** What is done to the system in one round. */
export type Fault =
  | 'kill -9'
  | 'database restart'
  | 'reply lost'
  | 'reply late'
  | 'reply twice'
  | 'done twice'
  | 'errcode'
  | 'component token refused'
  | 'process frozen'
  | 'clock jump'
  | 'rotation switched'
  | 'database away';

/** How often each comes in one deck; the database goes away at its own pace. */
const CARDS: Record<Exclude<Fault, 'database away'>, number> = {
  'kill -9': 12,
  'database restart': 2,
  'reply lost': 7,
  'reply late': 5,
  'reply twice': 2,
  'done twice': 2,
  errcode: 2,
  'component token refused': 1,
  'process frozen': 2,
  'clock jump': 3,
  'rotation switched': 2,
};

/** Deals faults as a shuffled deck of cards does: in random order, and yet all of them come. */
export class Deck {
  private cards: Fault[] = [];
  private dealt = 0;

  /** @param awayEvery the database goes away once in this many rounds; 0: never */
  constructor(
    private readonly dice: Dice,
    private readonly awayEvery: number,
  ) {}

  next(): Fault {
    this.dealt += 1;
    if (this.awayEvery > 0 && this.dealt % this.awayEvery === Math.ceil(this.awayEvery / 2)) return 'database away';
    if (this.cards.length === 0)
      this.cards = Object.entries(CARDS).flatMap(([fault, times]) => Array<Fault>(times).fill(fault as Fault));
    return this.cards.splice(this.dice.below(this.cards.length), 1)[0]!;
  }
}
