import { AppError } from '#libs/kernel';

/** On whose behalf a password is hashed: a login from an address, or a change of a user by a tenant. */
export interface HashingRequester {
  readonly kind: Kind;
  /** The address, or the tenant. */
  readonly who: string;
}

type Kind = 'login' | 'change';

/** Hashes at once: the threads also serve DNS and files, and each hash takes 32 MiB. */
const SLOTS = 2;
/** Changes at once; the other slot stays free for logins. */
const SLOTS_FOR_CHANGES = 1;
/** Waiting requests of one address or tenant. People behind one address log in together in the morning. */
const MAX_WAITING: Record<Kind, number> = { login: 8, change: 4 };
/** Waiting logins of all addresses: about ten seconds of work. */
const MAX_LOGINS_WAITING = 64;

type Waiting = Map<string, (() => void)[]>;

/**
 * Bounds password hashing. Addresses and tenants take turns (a plain FIFO limiter would let one of them delay all others),
 * logins do not wait for changes, and a requester with too many waiting hashes is refused.
 */
export class PasswordHashPool {
  private readonly running: Record<Kind, number> = { login: 0, change: 0 };
  private readonly waiting: Record<Kind, Waiting> = { login: new Map(), change: new Map() };
  private loginsWaiting = 0;

  /** @throws AppError rate_limited when too many hashes of this address or tenant, or too many logins in all, are waiting */
  async run<T>({ kind, who }: HashingRequester, work: () => Promise<T>): Promise<T> {
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
      throw new AppError('rate_limited', 'too many login attempts in progress; try again shortly', {
        retryAfterSeconds: 1,
      });
    }
    if (kind === 'login') {
      if (this.loginsWaiting >= MAX_LOGINS_WAITING) {
        throw new AppError('rate_limited', 'too many logins in progress; try again shortly', { retryAfterSeconds: 5 });
      }
      this.loginsWaiting += 1;
    }
    return new Promise((resolve) => {
      line.push(resolve);
      this.waiting[kind].set(who, line);
    });
  }

  /** Changes first: they have one slot at most, so neither kind waits for all of the other. */
  private next(): void {
    for (const kind of ['change', 'login'] as const) {
      const [first] = this.waiting[kind];
      if (!first || !this.isFree(kind)) continue;
      const [who, line] = first;
      const goOn = line.shift();
      // To the end of the queue, if it has more.
      this.waiting[kind].delete(who);
      if (line.length > 0) this.waiting[kind].set(who, line);
      if (kind === 'login') this.loginsWaiting -= 1;
      this.running[kind] += 1;
      goOn?.();
    }
  }
}
