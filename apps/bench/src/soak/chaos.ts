import { writeFile } from 'node:fs/promises';
import type { PostgresServer } from '#libs/postgres';
import type { HubProcess, SimulatorProcess } from '../stage.ts';
import { pause } from '../waiting.ts';
import type { NamedHub } from './callers.ts';
import type { Deck, Fault } from './deck.ts';
import type { Dice } from '../dice.ts';
import { type Disturbance, type Exit, FROZEN } from './evidence.ts';
import { REFRESH } from './refresh-log.ts';

export interface Place extends NamedHub {
  hub: HubProcess;
  /** What the process takes for its clock's error, in milliseconds. */
  clockFile: string;
  /** Gone or standing still at the moment. */
  away: boolean;
}

export interface ChaosParts {
  dice: Dice;
  deck: Deck;
  places: readonly Place[];
  /** A new process in the place of one that was killed. */
  restartHub: (place: Place) => Promise<HubProcess>;
  postgres: PostgresServer;
  simulator: SimulatorProcess;
  /** How long the database stays away when it goes away. */
  awaySeconds: number;
  disturb: (disturbance: Disturbance) => void;
}

/** Everything that is done to the system; each call of `round` does one thing at a random moment. */
export class Chaos {
  readonly counts = new Map<string, number>();
  private readonly exits: Exit[] = [];
  /** Processes whose end is no news. */
  private readonly dismissed = new Set<HubProcess>();
  private readonly restarts = new Set<Promise<void>>();
  private frozen: Promise<void> = Promise.resolve();
  private isRotating = false;
  private timesAway = 0;

  constructor(private readonly parts: ChaosParts) {
    for (const place of parts.places) this.watch(place);
  }

  async round(): Promise<void> {
    const { dice, deck } = this.parts;
    await pause(dice.between(0, 400));
    await this.do(deck.next());
  }

  /** Takes everything back; all processes live when it resolves. */
  async calm(): Promise<void> {
    await this.frozen;
    await Promise.all(this.restarts);
    await this.parts.simulator.control('DELETE', '/faults');
    for (const { clockFile } of this.parts.places) await writeFile(clockFile, '0');
  }

  /** To be called before the processes are stopped. @returns processes that ended although nobody had killed them */
  async finish(): Promise<Exit[]> {
    await Promise.all(this.restarts);
    for (const { hub } of this.parts.places) this.dismissed.add(hub);
    return this.exits;
  }

  private async do(fault: Fault): Promise<void> {
    const { dice, simulator } = this.parts;
    switch (fault) {
      case 'kill -9':
        return this.kill();
      case 'database restart':
        return this.database(fault, () => this.parts.postgres.restart(dice.next() < 0.5 ? 'immediate' : 'fast'));
      case 'database away':
        return this.databaseAway();
      case 'reply lost':
        return this.refreshes(fault, { kind: 'replyLostAfterEffect' });
      case 'reply late':
        // Some come in time and some after the hub has given up.
        return this.refreshes(fault, { kind: 'slow', delayMs: Math.round(dice.between(1000, 5000)) });
      case 'reply twice':
        return this.refreshes(fault, { kind: 'repliedTwice' });
      case 'done twice':
        return this.refreshes(fault, { kind: 'doneTwice' });
      case 'errcode':
        return this.refreshes(fault, { kind: 'errcode', errcode: dice.pick([-1, 40001]) });
      case 'component token refused':
        this.count(fault);
        await simulator.control('POST', '/faults', {
          match: { path: '/cgi-bin/component/*' },
          kind: 'errcode',
          errcode: 42001,
          times: 5,
        });
        return;
      case 'process frozen':
        return this.freeze();
      case 'clock jump':
        this.count(fault);
        await writeFile(
          dice.pick(this.parts.places).clockFile,
          String(Math.round(dice.pick([-1, 1]) * 10 ** dice.between(3, 8))),
        );
        return;
      case 'rotation switched':
        this.isRotating = !this.isRotating;
        this.count(`rotation ${this.isRotating ? 'on' : 'off'}`);
        await simulator.control('PATCH', '/quirks', { rotateRefreshTokens: this.isRotating });
    }
  }

  private async kill(): Promise<void> {
    const place = this.victim();
    if (!place) return;
    const from = this.count('kill -9');
    place.away = true;
    this.dismissed.add(place.hub);
    await place.hub.kill();
    this.parts.disturb({ kind: 'kill -9', from, to: Date.now(), hub: place.name });
    this.restart(place);
  }

  /** What no hub may do is end by itself. Noted, and somebody takes its place. */
  private watch(place: Place): void {
    const { hub } = place;
    const ended = () => {
      if (this.dismissed.has(hub)) return;
      const { exitCode, signalCode } = hub.process;
      place.away = true;
      this.exits.push({ hub: place.name, at: Date.now(), how: signalCode ?? `exit ${exitCode}` });
      this.restart(place);
    };
    if (hub.process.exitCode !== null || hub.process.signalCode !== null) ended();
    else hub.process.once('exit', ended);
  }

  private restart(place: Place): void {
    const restarting = (async () => {
      await pause(this.parts.dice.between(0, 300));
      for (;;) {
        try {
          place.hub = await this.parts.restartHub(place);
          this.watch(place);
          place.away = false;
          return;
        } catch {
          // The database is being restarted: a supervisor tries again.
          await pause(500);
        }
      }
    })();
    this.restarts.add(restarting);
    void restarting.finally(() => this.restarts.delete(restarting));
  }

  /** A process that stands still for longer than its leases last, and then goes on as if nothing had happened. */
  private freeze(): void {
    const place = this.victim();
    if (!place) return;
    const { process } = place.hub;
    const disturbance = { kind: FROZEN, from: this.count(FROZEN), to: Number.POSITIVE_INFINITY, hub: place.name };
    this.parts.disturb(disturbance);
    place.away = true;
    process.kill('SIGSTOP');
    const thawed = (async () => {
      await pause(this.parts.dice.between(2000, 18_000));
      process.kill('SIGCONT');
      // If it has ended by itself meanwhile, somebody else is about to take its place.
      if (place.hub.process === process && process.exitCode === null && process.signalCode === null) place.away = false;
      disturbance.to = Date.now();
    })();
    this.frozen = Promise.all([this.frozen, thawed]).then(() => undefined);
  }

  /** One that lives; at least one process always stays. */
  private victim(): Place | null {
    const { dice, places } = this.parts;
    const place = dice.pick(places);
    return place.away || places.filter((each) => each.away).length >= places.length - 1 ? null : place;
  }

  /** By turns it refuses connections, and takes them but answers nothing. */
  private databaseAway(): Promise<void> {
    const { postgres, awaySeconds } = this.parts;
    this.timesAway += 1;
    return this.timesAway % 2 === 1
      ? this.database('database stopped', async () => {
          await postgres.pause('immediate');
          await pause(awaySeconds * 1000);
          await postgres.resume();
        })
      : this.database('database frozen', async () => {
          await postgres.freeze();
          await pause(awaySeconds * 1000);
          await postgres.thaw();
        });
  }

  private async database(kind: string, disturb: () => Promise<void>): Promise<void> {
    const disturbance = { kind, from: this.count(kind), to: Number.POSITIVE_INFINITY };
    this.parts.disturb(disturbance);
    await disturb();
    disturbance.to = Date.now();
  }

  /** The next few refreshes do not go as they should. */
  private async refreshes(name: Fault, fault: object): Promise<void> {
    const times = 1 + this.parts.dice.below(4);
    this.count(name, times);
    await this.parts.simulator.control('POST', '/faults', { match: { path: REFRESH }, times, ...fault });
  }

  private count(kind: string, times = 1): number {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + times);
    return Date.now();
  }
}
