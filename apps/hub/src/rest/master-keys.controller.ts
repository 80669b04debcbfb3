import { Controller, Inject } from '@nestjs/common';
import type { MasterKeyRotationView } from '#libs/contract';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { numericId } from './numeric-id.ts';
import { eventOf } from './scoped.ts';

/** Of the installation, hence of no tenant: what the route table leaves to operators is answered as the hub itself. */
@Controller()
export class MasterKeysController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('getMasterKeys')
  async list() {
    const { masterKeys } = this.hub;
    const keys = await masterKeys.inUse();
    return {
      encrypts_with: masterKeys.encryptsWith,
      keys: keys.map(({ keyId, values, known }) => ({ key_id: keyId, values, known })),
    };
  }

  @Endpoint('startMasterKeyRotation')
  async start(@By() by: Caller): Promise<{ id: string }> {
    const detail = { key_id: this.hub.masterKeys.encryptsWith };
    // As the hub itself, like the rotation: it is of no tenant, and the event is there if and only if the rotation is.
    const id = await this.hub.db.transaction(async (sql) => {
      const started = await this.hub.keyRotations.start(sql);
      const subject = `master_key_rotation:${started.id}`;
      await this.hub.audit.record(sql, eventOf(by, 'master_key_rotation.started', subject, detail));
      return started.id;
    });
    return { id: String(id) };
  }

  @Endpoint('getMasterKeyRotation')
  async get(@Input() { params }: In<'getMasterKeyRotation'>): Promise<MasterKeyRotationView> {
    const id = numericId(params.id);
    const row = id === null ? null : await this.hub.keyRotations.view(this.hub.db, id);
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
