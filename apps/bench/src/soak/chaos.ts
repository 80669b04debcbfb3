import { writeFile } from 'node:fs/promises';
import type { PostgresServer } from '#libs/postgres';
import type { HubProcess, SimulatorProcess } from '../stage.ts';
import { pause } from '../waiting.ts';
import type { Disturbance } from './account.ts';
import type { Dice } from './dice.ts';

export interface ChaosParts {
  dice: Dice;
  hubs: HubProcess[];
  /** A new process in the place of one that was killed. */
  restartHub(place: number): Promise<HubProcess>;
  postgres: PostgresServer;
  simulator: SimulatorProcess;
  clockFiles: readonly string[];
  disturb(disturbance: Disturbance): void;
}

/** Everything that is done to the system; one call of `round` does one or several of them at random moments. */
export class Chaos {
  readonly counts = new Map<string, number>();
  /** Places whose process is gone at the moment. */
  readonly away = new Set<number>();
  private readonly restarts = new Set<Promise<void>>();
  private frozen: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ChaosParts) {}

  async round(): Promise<void> {
    const { dice } = this.parts;
    const roll = dice.next();
    await pause(dice.between(0, 400));
    if (roll < 0.3) await this.kill();
    else if (roll < 0.34) await this.restartDatabase();
    else if (roll < 0.55) await this.replies('replyLostAfterEffect');
    else if (roll < 0.7) await this.replies('slow');
    else if (roll < 0.76) this.freeze();
    else if (roll < 0.86) await this.jump();
    else if (roll < 0.93) await this.rotation(dice.next() < 0.7);
    else await this.replies('errcode');
  }

  /** Takes everything back; all processes live when it resolves. */
  async calm(): Promise<void> {
    await this.frozen;
    await Promise.all(this.restarts);
    await this.parts.simulator.control('DELETE', '/faults');
    for (const file of this.parts.clockFiles) await writeFile(file, '0');
  }

  private async kill(): Promise<void> {
    const { dice, hubs } = this.parts;
    const place = dice.below(hubs.length);
    // One process at least stays; a frozen one is not killed, or its end would be counted twice.
    if (this.away.has(place) || this.away.size >= hubs.length - 1) return;
    const from = this.note('kill -9');
    this.away.add(place);
    await hubs[place]!.kill();
    this.parts.disturb({ kind: 'kill -9', from, to: Date.now() });
    const restarting = (async () => {
      await pause(dice.between(0, 300));
      for (;;) {
        try {
          hubs[place] = await this.parts.restartHub(place);
          this.away.delete(place);
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

  private async restartDatabase(): Promise<void> {
    const from = this.note('database restart');
    await this.parts.postgres.restart(this.parts.dice.next() < 0.5 ? 'immediate' : 'fast');
    this.parts.disturb({ kind: 'database restart', from, to: Date.now() });
  }

  /** The next few refreshes do not end as they should. A slow reply comes after the hub has given up on it. */
  private async replies(kind: 'replyLostAfterEffect' | 'slow' | 'errcode'): Promise<void> {
    const { dice, simulator } = this.parts;
    const times = 1 + dice.below(4);
    this.note(`reply ${kind}`, times);
    await simulator.control('POST', '/faults', {
      match: { path: '/cgi-bin/component/api_authorizer_token' },
      kind,
      times,
      ...(kind === 'slow' ? { delayMs: Math.round(dice.between(500, 3000)) } : {}),
      ...(kind === 'errcode' ? { errcode: dice.pick([-1, 40001]) } : {}),
    });
  }

  /** A process that stands still for longer than its leases last, and then goes on as if nothing had happened. */
  private freeze(): void {
    const { dice, hubs } = this.parts;
    const place = dice.below(hubs.length);
    if (this.away.has(place) || this.away.size >= hubs.length - 1) return;
    const process = hubs[place]!.process;
    const from = this.note('process frozen');
    this.away.add(place);
    process.kill('SIGSTOP');
    const thawed = (async () => {
      await pause(dice.between(2000, 14_000));
      process.kill('SIGCONT');
      this.away.delete(place);
      this.parts.disturb({ kind: 'process frozen', from, to: Date.now() });
    })();
    this.frozen = Promise.all([this.frozen, thawed]).then(() => undefined);
  }

  private async jump(): Promise<void> {
    const { dice, clockFiles } = this.parts;
    const ms = Math.round(dice.pick([-1, 1]) * 10 ** dice.between(3, 8));
    this.note('clock jump');
    await writeFile(dice.pick(clockFiles), String(ms));
  }

  private async rotation(on: boolean): Promise<void> {
    this.note(on ? 'rotation on' : 'rotation off');
    await this.parts.simulator.control('PATCH', '/quirks', { rotateRefreshTokens: on });
  }

  private note(kind: string, times = 1): number {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + times);
    return Date.now();
  }
}
