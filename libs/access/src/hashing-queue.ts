import { AppError } from '#libs/kernel';

/** On whose behalf a password is worked on: a login from an address, or a change of a user by a tenant. */
export interface HashingFor {
  readonly kind: Kind;
  /** The address, or the tenant. */
  readonly who: string;
}

type Kind = 'login' | 'change';

/** At once in all: the threads also serve DNS and files, and each takes 32 MiB. */
const SLOTS = 2;
/** Changes at once: what remains is for logins, whoever changes however many users. */
const SLOTS_FOR_CHANGES = 1;
/** Who wait of one address or one tenant. People behind one address log in together in the morning; a tenant has no such hour. */
const MAX_WAITING: Record<Kind, number> = { login: 8, change: 4 };
/** Logins that wait, of all addresses: some ten seconds of work. */
const MAX_LOGINS_WAITING = 64;

type Waiting = Map<string, (() => void)[]>;

/**
 * Who may work on a password now, and who waits: no tenant for another one's changes, no login for any change. Of those who
 * wait each address and each tenant has its turn, and who has too many waiting already is refused.
 */
export class HashingQueue {
  private readonly running: Record<Kind, number> = { login: 0, change: 0 };
  private readonly waiting: Record<Kind, Waiting> = { login: new Map(), change: new Map() };
  private loginsWaiting = 0;

  /** @throws AppError rate_limited when too many wait of the same address or tenant, or too many logins in all */
  async run<T>({ kind, who }: HashingFor, work: () => Promise<T>): Promise<T> {
    if (this.isFree(kind)) this.running[kind] += 1;
    else await this.wait(kind, who);
    try {
      return await work();
    } finally {
      this.running[kind] -= 1;
      this.next();
    }
  }

  private isFree(kind: Kind): boolean {
    if (this.running.login + this.running.change >= SLOTS) return false;
    return kind === 'login' || this.running.change < SLOTS_FOR_CHANGES;
  }

  private wait(kind: Kind, who: string): Promise<void> {
    const line = this.waiting[kind].get(who) ?? [];
    if (line.length >= MAX_WAITING[kind]) {
      throw new AppError('rate_limited', 'too many passwords are being worked on; wait', { retryAfterSeconds: 1 });
    }
    if (kind === 'login') {
      if (this.loginsWaiting >= MAX_LOGINS_WAITING) {
        throw new AppError('rate_limited', 'too many people are logging in; wait', { retryAfterSeconds: 5 });
      }
      this.loginsWaiting += 1;
    }
    return new Promise((resolve) => {
      line.push(resolve);
      this.waiting[kind].set(who, line);
    });
  }

  /** Changes first: they have one slot at most, so that neither kind waits for all of the other. */
  private next(): void {
    for (const kind of ['change', 'login'] as const) {
      const [first] = this.waiting[kind];
      if (!first || !this.isFree(kind)) continue;
      const [who, line] = first;
      const goOn = line.shift();
      // To the end of those who wait, or away.
      this.waiting[kind].delete(who);
      if (line.length > 0) this.waiting[kind].set(who, line);
      if (kind === 'login') this.loginsWaiting -= 1;
      this.running[kind] += 1;
      goOn?.();
    }
  }
}
