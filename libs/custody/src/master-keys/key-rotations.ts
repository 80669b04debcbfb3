import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CustodyOptions } from '../custody-options.ts';
import {
  LeaseLost,
  Database,
  KeyRing,
  Log,
  Metrics,
  Ticks,
  SealError,
  type Sql,
  isDatabaseUnavailable,
} from '#libs/kernel';
import { KeyRotation } from './key-rotation.entity.ts';
import { MasterKeyRotation } from './master-key-rotation.ts';

export interface KeyRotationRow {
  rotationId: number;
  keyId: string;
  state: 'running' | 'done' | 'incomplete' | 'failed';
  reason: string | null;
  total: number | null;
  resealed: number;
  remaining: number | null;
  startedAt: Date;
  finishedAt: Date | null;
}

/**
 * Rotations of the master key that were asked for. One process at a time works on one, under a lease; sealing itself needs
 * no lease, because a value is replaced only if it is still the one that was read.
 */
@Injectable()
export class KeyRotations {
  private readonly left;

  constructor(
    private readonly db: Database,
    private readonly rotation: MasterKeyRotation,
    private readonly ring: KeyRing,
    private readonly log: Log,
    metrics: Metrics,
    private readonly options: CustodyOptions,
    private readonly ticks: Ticks,
  ) {
    this.left = metrics.gauge(
      'wxfleet_master_key_rotation_rows_left',
      'Rows that the rotation of this process has yet to seal again',
    );
  }

  /**
   * Starts one to the key that this process seals with, or gives the id of the one that runs. One to another key, which no
   * process finishes once all have been restarted, ends as failed.
   */
  async start(sql: Sql): Promise<{ id: number }> {
    const { encryptId: encryptsWith } = this.ring;
    await sql.run(
      `UPDATE custody.master_key_rotation
          SET state = 'failed', reason = 'a rotation to the key ' || $1::text || ' was asked for', finished_at = wxfleet.now()
        WHERE state = 'running' AND key_id <> $1`,
      [encryptsWith],
    );
    const [row] = await sql.query<{ id: number }>(
      `INSERT INTO custody.master_key_rotation AS r (key_id) VALUES ($1)
       ON CONFLICT (state) WHERE state = 'running' DO UPDATE SET key_id = r.key_id RETURNING rotation_id AS id`,
      [encryptsWith],
    );
    return row as { id: number };
  }

  async view(sql: Sql, id: number): Promise<KeyRotationRow | null> {
    return sql.repository(KeyRotation).findOneBy({ rotationId: id });
  }

  /** Continues a rotation of the master key. */
  @Interval('master_key_rotation', 2000)
  tick(): Promise<void> {
    return this.ticks.run('master_key_rotation', (signal) => this.work({ signal }));
  }

  /** Worker: continues the running one, if it is to the key of this process and no other process works on it. */
  async work({ signal }: { signal?: AbortSignal } = {}): Promise<'nothing' | 'interrupted' | 'lost' | 'ended'> {
    const [claim] = await this.db.query<Claim>(
      `UPDATE custody.master_key_rotation
          SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $2)
        WHERE state = 'running' AND key_id = $1 AND coalesce(lease_until, '-infinity') <= wxfleet.now()
        RETURNING rotation_id AS id, lease_generation AS generation, resealed`,
      [this.ring.encryptId, this.leaseSeconds],
    );
    if (!claim) return 'nothing';
    try {
      const remaining = await this.reseal(claim, signal);
      if (signal?.aborted) {
        await this.advance(claim, 'lease_until = NULL', []);
        return 'interrupted';
      }
      await this.advance(
        claim,
        `state = $3, remaining = $4, reason = $5, lease_until = NULL, finished_at = wxfleet.now()`,
        remaining === 0
          ? ['done', 0, null]
          : ['incomplete', remaining, 'a process still seals under another key: restart it, then rotate again'],
      );
      return 'ended';
    } catch (error) {
      if (error instanceof LeaseLost) return 'lost';
      // The lease expires by itself, and the next process continues.
      if (isDatabaseUnavailable(error)) throw error;
      this.log.error('master_key.rotation_failed', { rotationId: claim.id, error });
      const reason = error instanceof SealError ? error.message : 'something went wrong in the hub; the log says what';
      await this.advance(claim, `state = 'failed', reason = $3, lease_until = NULL, finished_at = wxfleet.now()`, [
        reason,
      ]).catch((lost: unknown) => {
        if (!(lost instanceof LeaseLost)) throw lost;
      });
      return 'ended';
    } finally {
      this.left.set(0);
    }
  }

  private async reseal(claim: Claim, signal: AbortSignal | undefined): Promise<number> {
    const { remaining } = await this.rotation.run({
      ...(signal ? { signal } : {}),
      onProgress: async ({ done, total }) => {
        this.left.set(total - done);
        // What a killed process had sealed without writing it down is in neither number.
        await this.advance(
          claim,
          `resealed = $3, total = $4, lease_until = wxfleet.now() + make_interval(secs => $5)`,
          [claim.resealed + done, claim.resealed + total, this.leaseSeconds],
        );
      },
    });
    return remaining;
  }

  /** @throws LeaseLost */
  private async advance(claim: Claim, set: string, values: readonly unknown[]): Promise<void> {
    const held = await this.db.run(
      `UPDATE custody.master_key_rotation SET ${set}
        WHERE rotation_id = $1 AND lease_generation = $2 AND state = 'running'`,
      [claim.id, claim.generation, ...values],
    );
    if (held === 0) throw new LeaseLost('another process goes on with this rotation');
  }

  private get leaseSeconds(): number {
    return this.options.rotationLeaseSeconds;
  }
}

interface Claim {
  id: number;
  generation: number;
  resealed: number;
}
