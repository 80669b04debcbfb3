import { Injectable } from '@nestjs/common';
import { Database, KeyRing, Log, SealError, Sealer, SealedTables, type SealedTable } from '#libs/kernel';
import { keyUseOf, type KeyUse } from './master-key-rotation.ts';

const PROOF = 'wxfleet';
const context = (keyId: string) => `custody.master_key.sealed_proof:${keyId}`;

interface Row {
  keyId: string;
  proof: Buffer | null;
}

/** How much is sealed under a key. */
export interface MasterKeyUse {
  keyId: string;
  values: number;
  /** Whether this process has it. */
  known: boolean;
}

/**
 * Which master keys are in use. A process without one of them, or with another key of the same id, must not start: it would
 * serve some accounts and fail for others, above all during a rotation.
 */
@Injectable()
export class MasterKeyRegister {
  constructor(
    private readonly db: Database,
    private readonly ring: KeyRing,
    private readonly sealedTables: SealedTables,
    private readonly log: Log,
  ) {}

  /**
   * Fails unless every key in use is configured, then registers the key that this process seals with. Call it before anything
   * is sealed. A key that nothing is sealed under any more is removed.
   * @throws SealError naming the key
   */
  async assertComplete(): Promise<void> {
    const rows = await this.read();
    if (rows.length === 0) {
      // Sealed before there was a register.
      for (const { keyId, values } of await this.inUse()) {
        if (values > 0) rows.push({ keyId, proof: null });
      }
    }
    for (const row of rows) {
      const error = this.verifySeal(row);
      if (!error) continue;
      const values = (await this.inUse()).find(({ keyId }) => keyId === row.keyId)?.values ?? 0;
      if (values > 0) throw new SealError(error.code, `${error.message}: ${values} values are sealed under it`);
      await this.db.run('DELETE FROM custody.master_key WHERE key_id = $1', [row.keyId]);
      this.log.info('master_key.forgotten', { keyId: row.keyId });
    }
    await this.enter(rows.map(({ keyId }) => keyId).filter((keyId) => this.ring.get(keyId) !== undefined));
  }

  /** Configured keys and keys in use. Reads every sealed row. */
  async inUse(): Promise<MasterKeyUse[]> {
    const values = new Map<string, number>(this.ring.ids.map((id) => [id, 0]));
    const uses: KeyUse[] = await keyUseOf(this.db, this.tables);
    for (const use of uses) values.set(use.keyId, (values.get(use.keyId) ?? 0) + use.values);
    return [...values].map(([keyId, count]) => ({
      keyId,
      values: count,
      known: this.ring.get(keyId) !== undefined,
    }));
  }

  get tables(): readonly SealedTable[] {
    return this.sealedTables.all;
  }

  get encryptsWith(): string {
    return this.ring.encryptId;
  }

  private read(): Promise<Row[]> {
    return this.db.query<Row>(
      'SELECT key_id AS "keyId", sealed_proof AS proof FROM custody.master_key ORDER BY first_used_at, key_id',
    );
  }

  private verifySeal({ keyId, proof }: Row): SealError | null {
    if (!this.ring.get(keyId)) {
      return new SealError('unknown_key', `the master key ${JSON.stringify(keyId)} is not in MASTER_KEYS`);
    }
    if (proof === null) return null;
    try {
      new Sealer(this.ring).open(proof, context(keyId));
      return null;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      return new SealError('tampered', `MASTER_KEYS has another key under the id ${JSON.stringify(keyId)}`);
    }
  }

  /** The key that seals here, with its proof; and others that were found in use, to be proved by the first process that has them. */
  private async enter(others: readonly string[]): Promise<void> {
    const { encryptId } = this.ring;
    await this.db.run(
      `INSERT INTO custody.master_key (key_id) SELECT * FROM unnest($1::text[]) ON CONFLICT (key_id) DO NOTHING`,
      [others],
    );
    await this.db.run(
      `INSERT INTO custody.master_key AS k (key_id, sealed_proof) VALUES ($1, $2)
       ON CONFLICT (key_id) DO UPDATE SET sealed_proof = coalesce(k.sealed_proof, excluded.sealed_proof)`,
      [encryptId, new Sealer(this.ring).seal(PROOF, context(encryptId))],
    );
    // Two processes may have entered different keys of one id at the same moment: one of them was first.
    const own = (await this.read()).find(({ keyId }) => keyId === encryptId);
    const error = own && this.verifySeal(own);
    if (error) throw error;
  }
}
