import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { DAY_SECONDS, AppError, Database, Log, Sealer, type Sql, Ticks } from '#libs/kernel';
import {
  DELETE_OLD_KEYS,
  INSERT_KEY,
  KEEP_ANSWER_WITHIN,
  PORTION,
  RELEASE_KEY,
  RENEW_KEY,
  SELECT_PRESENT_KEY,
  STORE_ANSWER,
  TAKE_KEY_OVER,
} from './idempotency-keys.sql.ts';

/** Who sent a key, and on which platform (0: none). The same key of another caller is another key. */
export interface IdempotencyOwner {
  platformId: number;
  /** As in the audit trail. */
  actor: string;
}

/** An answer as it is given again: the body is JSON, null for none. */
export interface KeptAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}

/**
 * Stores the answer in the transaction of the work.
 * @throws AppError idempotency_key_in_use when the lease has ended and another process does the work: roll back
 */
export type KeepAnswer = (sql: Sql, answer: KeptAnswer) => Promise<void>;

/** For how long answers are kept, and when a request counts as abandoned by a process that ended. In seconds. */
export class IdempotencyOptions {
  keptSeconds = DAY_SECONDS;
  leaseSeconds = 60;
}

/** Between two looks for expired keys. */
const PRUNE_EVERY_MS = 600_000;
interface Row {
  sealedRequest: Buffer;
  sealedAnswer: Buffer | null;
  generation: number;
  isExpired: boolean;
  isRunning: boolean;
  secondsLeft: number;
}

interface Claim extends IdempotencyOwner {
  digest: Buffer;
  generation: number;
}

/** Associated data of what is sealed in a row. */
const place = (column: string, platformId: number, actor: string, digest: Buffer) =>
  `access.idempotency_key.${column}:${platformId}:${actor}:${digest.toString('hex')}`;

type SealedRow = Record<string, unknown>;

const placeInRow = (column: string) => (row: SealedRow) =>
  place(column, row['platform_id'] as number, row['actor'] as string, row['key_digest'] as Buffer);

/** Where this library keeps sealed values, for the rotation of the master key. */
export const accessSealedTables = [
  {
    table: 'access.idempotency_key',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'actor', type: 'text' },
      { column: 'key_digest', type: 'bytea' },
    ],
    sealed: [
      { column: 'sealed_request', aad: placeInRow('request') },
      { column: 'sealed_answer', aad: placeInRow('answer') },
    ],
  },
] as const;

/**
 * Requests that carry an `Idempotency-Key`: a repetition gets the answer of the first one. Requests and answers may hold
 * passwords and keys, so both are sealed. A request that failed is forgotten, so that its repetition is tried. Work that is one
 * transaction stores its answer in it (`KeepAnswer`). For other work the answer is stored afterwards: if the process ends between
 * the two, the repetition does the work again once the lease has ended.
 */
@Injectable()
export class IdempotencyKeys {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly log: Log,
    private readonly ticks: Ticks,
    private readonly options: IdempotencyOptions = new IdempotencyOptions(),
  ) {}

  /**
   * @param request what makes a request the same one: operation, path, query and body
   * @throws AppError idempotency_conflict, idempotency_key_in_use
   */
  async run(
    owner: IdempotencyOwner,
    key: string,
    request: string,
    work: (keep: KeepAnswer) => Promise<KeptAnswer>,
  ): Promise<{ answer: KeptAnswer; isReplayed: boolean }> {
    const found = await this.claim(owner, key, createHash('sha256').update(request).digest('base64'));
    if ('answer' in found) return { answer: found.answer, isReplayed: true };
    const { claim } = found;
    let isKept = false;
    const keep: KeepAnswer = async (sql, answer) => {
      await this.keepWithin(sql, claim, answer);
      isKept = true;
    };
    const renewal = setInterval(
      () => {
        this.renew(claim).catch((error: unknown) => this.log.warn('idempotency.not_renewed', { error }));
      },
      (this.options.leaseSeconds * 1000) / 3,
    );
    renewal.unref();
    try {
      const answer = await work(keep);
      // What was done is done: an answer that cannot be stored is given all the same.
      if (!isKept)
        await this.finish(claim, answer).catch((error: unknown) => this.log.warn('idempotency.not_kept', { error }));
      return { answer, isReplayed: false };
    } catch (error) {
      await this.release(claim).catch((cause: unknown) => this.log.warn('idempotency.not_released', { error: cause }));
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  @Interval('idempotency_keys', PRUNE_EVERY_MS)
  pruneTick(): Promise<void> {
    return this.ticks.run('idempotency_keys', (signal) => this.prune({ signal }));
  }

  /** Removes what has been kept long enough. */
  async prune({ signal }: { signal?: AbortSignal } = {}): Promise<number> {
    for (let removed = 0; ;) {
      const count = signal?.aborted ? 0 : await this.db.run(DELETE_OLD_KEYS, [this.options.keptSeconds]);
      removed += count;
      if (count < PORTION) return removed;
    }
  }

  private async claim(
    { platformId, actor }: IdempotencyOwner,
    key: string,
    request: string,
  ): Promise<{ claim: Claim } | { answer: KeptAnswer }> {
    const digest = createHash('sha256').update(key).digest();
    const row = [platformId, actor, digest];
    const sealedRequest = this.sealer.seal(request, place('request', platformId, actor, digest));
    for (;;) {
      const [made] = await this.db.query<{ generation: number }>(INSERT_KEY, [
        ...row,
        sealedRequest,
        this.options.leaseSeconds,
      ]);
      if (made) return { claim: { platformId, actor, digest, generation: made.generation } };
      const [present] = await this.db.query<Row>(SELECT_PRESENT_KEY, [...row, this.options.keptSeconds]);
      if (!present) continue;
      if (!present.isExpired) {
        const first = this.sealer.open(present.sealedRequest, place('request', platformId, actor, digest)).reveal();
        if (first !== request) {
          throw new AppError('idempotency_conflict', 'this Idempotency-Key was sent with another request before');
        }
        if (present.sealedAnswer) {
          const answer = this.sealer.open(present.sealedAnswer, place('answer', platformId, actor, digest)).reveal();
          return { answer: JSON.parse(answer) as KeptAnswer };
        }
        if (present.isRunning) {
          throw new AppError('idempotency_key_in_use', 'the first request with this Idempotency-Key is still running', {
            retryAfterSeconds: Math.min(5, Math.max(1, present.secondsLeft)),
          });
        }
      }
      const [taken] = await this.db.query<{ generation: number }>(TAKE_KEY_OVER, [
        ...row,
        present.generation,
        sealedRequest,
        this.options.leaseSeconds,
        present.isExpired,
      ]);
      if (taken) return { claim: { platformId, actor, digest, generation: taken.generation } };
    }
  }

  private async renew(claim: Claim): Promise<void> {
    await this.db.run(RENEW_KEY, [...values(claim), this.options.leaseSeconds]);
  }

  /** By a function: the role of a tenant's transaction does not reach the table. */
  private async keepWithin(sql: Sql, claim: Claim, answer: KeptAnswer): Promise<void> {
    const [row] = await sql.query<{ isKept: boolean }>(KEEP_ANSWER_WITHIN, [
      ...values(claim),
      this.sealedAnswer(claim, answer),
    ]);
    if (!row?.isKept) {
      throw new AppError('idempotency_key_in_use', 'another process has taken over this request', {
        retryAfterSeconds: 1,
      });
    }
  }

  private async finish(claim: Claim, answer: KeptAnswer): Promise<void> {
    await this.db.run(STORE_ANSWER, [...values(claim), this.sealedAnswer(claim, answer)]);
  }

  private sealedAnswer({ platformId, actor, digest }: Claim, answer: KeptAnswer): Buffer {
    return this.sealer.seal(JSON.stringify(answer), place('answer', platformId, actor, digest));
  }

  private async release(claim: Claim): Promise<void> {
    await this.db.run(RELEASE_KEY, values(claim));
  }
}

function values({ platformId, actor, digest, generation }: Claim): unknown[] {
  return [platformId, actor, digest, generation];
}
