import { Controller } from '@nestjs/common';
import type { MasterKeyRotationView } from '#libs/contract';
import { Database } from '#libs/kernel';
import { AuditTrail } from '#libs/access';
import { KeyRotations, MasterKeyRegister } from '#libs/custody';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { numericId } from './numeric-id.ts';
import { answered, eventOf } from './audited.ts';

/** Of the installation, hence of no tenant: what the route table leaves to operators is answered as the hub itself. */
@Controller()
export class MasterKeysController {
  constructor(
    private readonly audit: AuditTrail,
    private readonly db: Database,
    private readonly masterKeys: MasterKeyRegister,
    private readonly keyRotations: KeyRotations,
  ) {}

  @Endpoint('getMasterKeys')
  async list() {
    const keys = await this.masterKeys.inUse();
    return {
      encrypts_with: this.masterKeys.encryptsWith,
      keys: keys.map(({ keyId, values, known }) => ({ key_id: keyId, values, known })),
    };
  }

  @Endpoint('startMasterKeyRotation')
  start(@By() by: Caller): Promise<{ id: string }> {
    const detail = { key_id: this.masterKeys.encryptsWith };
    // As the hub itself, like the rotation: it is of no tenant, and the event is there if and only if the rotation is.
    return this.db.transaction(async (sql) => {
      const started = await this.keyRotations.start(sql);
      const subject = `master_key_rotation:${started.id}`;
      await this.audit.record(sql, eventOf(by, 'master_key_rotation.started', subject, detail));
      return answered(sql, by, { id: String(started.id) });
    });
  }

  @Endpoint('getMasterKeyRotation')
  async get(@Input() { params }: In<'getMasterKeyRotation'>): Promise<MasterKeyRotationView> {
    const id = numericId(params.id);
    const row = id === null ? null : await this.keyRotations.view(this.db, id);
    if (!row) throw notFound('master-key rotation');
    return {
      id: String(row.rotationId),
      key_id: row.keyId,
      state: row.state,
      reason: row.reason,
      total: row.total,
      resealed: row.resealed,
      remaining: row.remaining,
      started_at: row.startedAt.toISOString(),
      finished_at: row.finishedAt?.toISOString() ?? null,
    };
  }
}
