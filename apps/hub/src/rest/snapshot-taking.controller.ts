import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { SnapshotView } from '#libs/contract';
import { DomainSnapshots } from '#libs/domain-ledger';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

/** A look at the domains of one mini program now. */
@Controller()
export class SnapshotTakingController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly snapshots: DomainSnapshots,
  ) {}

  @Endpoint('takeSnapshot')
  async take(
    @Input() { params }: In<'takeSnapshot'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SnapshotView> {
    const ref = await this.scope.authorizerRef(by, params.authorizer_appid);
    const subject = { ...ref, authorizerAppid: params.authorizer_appid };
    const event = (action: string, detail?: Record<string, unknown>) =>
      eventOf(by, action, `authorizer:${params.authorizer_appid}`, detail, ref.merchantId);
    const { snapshot, changed } = await this.scope.withAudit(
      by,
      {
        asked: event('snapshot.asked'),
        done: (taken) => event('snapshot.taken', { changed: taken.changed }),
        failed: event('snapshot.taken'),
      },
      () => this.snapshots.take(by.platform, subject),
    );
    reply.code(changed ? 201 : 200);
    return snapshot;
  }
}
