import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { DomainDiffView, DomainsAtView, SnapshotView } from '#libs/contract';
import { parseSnapshotId } from '#libs/domain-ledger';
import type { Sql } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import {
  recordAround,
  authorizerFor,
  authorizerRefFor,
  eventOf,
  listOnPlatform,
  onPlatform,
  readOnPlatform,
} from './scoped.ts';

/** The domain history of one mini program. */
@Controller()
export class SnapshotsController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('takeSnapshot')
  async take(
    @Input() { params }: In<'takeSnapshot'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SnapshotView> {
    const ref = await authorizerRefFor(this.hub, by, params.authorizer_appid);
    const subject = { ...ref, authorizerAppid: params.authorizer_appid };
    const event = (action: string, detail?: Record<string, unknown>) =>
      eventOf(by, action, `authorizer:${params.authorizer_appid}`, detail, ref.merchantId);
    const { snapshot, changed } = await recordAround(
      (each) => onPlatform(this.hub, by, (sql) => this.hub.audit.record(sql, each)),
      {
        asked: event('snapshot.asked'),
        done: (taken) => event('snapshot.taken', { changed: taken.changed }),
        failed: event('snapshot.taken'),
      },
      () => this.hub.snapshots.take(by.platform, subject),
    );
    reply.code(changed ? 201 : 200);
    return snapshot;
  }

  @Endpoint('listSnapshots')
  list(@Input() { params, query }: In<'listSnapshots'>, @By() by: PlatformCaller) {
    return listOnPlatform(this.hub, by, query, async (sql, portion) => {
      const subject = await authorizerFor(this.hub, sql, by, params.authorizer_appid);
      return this.hub.history.snapshots(sql, by.platform.platformId, subject, {
        ...query,
        ...portion,
      });
    });
  }

  @Endpoint('getSnapshot')
  get(@Input() { params }: In<'getSnapshot'>, @By() by: PlatformCaller): Promise<SnapshotView> {
    return readOnPlatform(this.hub, by, async (sql) => {
      const subject = await this.subjectOf(sql, by, params.id);
      return this.hub.history.snapshot(sql, by.platform.platformId, subject, params.id);
    });
  }

  @Endpoint('getSnapshotRaw')
  raw(
    @Input() { params }: In<'getSnapshotRaw'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return readOnPlatform(this.hub, by, async (sql) => {
      const subject = await this.subjectOf(sql, by, params.id);
      const body = await this.hub.history.raw(sql, by.platform.platformId, subject, params.id);
      reply.header('Content-Type', 'application/json');
      return body;
    });
  }

  @Endpoint('getDomainsAt')
  at(@Input() { params, query }: In<'getDomainsAt'>, @By() by: PlatformCaller): Promise<DomainsAtView> {
    return readOnPlatform(this.hub, by, async (sql) => {
      const { authorizerId } = await authorizerFor(this.hub, sql, by, params.authorizer_appid);
      return this.hub.history.at(sql, by.platform.platformId, authorizerId, query.at ?? null);
    });
  }

  @Endpoint('diffDomains')
  diff(@Input() { params, query }: In<'diffDomains'>, @By() by: PlatformCaller): Promise<DomainDiffView> {
    return readOnPlatform(this.hub, by, async (sql) => {
      const [{ authorizerId }, [clock]] = await Promise.all([
        authorizerFor(this.hub, sql, by, params.authorizer_appid),
        sql.query<{ now: Date }>('SELECT wxfleet.now() AS now'),
      ]);
      const to = query.to ?? (clock as { now: Date }).now;
      return this.hub.history.diff(sql, by.platform.platformId, authorizerId, query.from, to);
    });
  }

  @Endpoint('listLifespans')
  lifespans(@Input() { params, query }: In<'listLifespans'>, @By() by: PlatformCaller) {
    return readOnPlatform(this.hub, by, async (sql) => {
      const { authorizerId } = await authorizerFor(this.hub, sql, by, params.authorizer_appid);
      return this.hub.history.lifespans(sql, by.platform.platformId, authorizerId, query);
    });
  }

  @Endpoint('listObservations')
  observations(@Input() { params, query }: In<'listObservations'>, @By() by: PlatformCaller) {
    return readOnPlatform(this.hub, by, async (sql) => {
      const { authorizerId } = await authorizerFor(this.hub, sql, by, params.authorizer_appid);
      return this.hub.observationTimes.page(sql, by.platform.platformId, authorizerId, query);
    });
  }

  /** The mini program that a snapshot's id names, if the caller may see it. */
  private async subjectOf(sql: Sql, by: PlatformCaller, id: string) {
    const named = parseSnapshotId(id);
    const subject =
      named &&
      (await this.hub.directory.byId(sql, by.platform.platformId, named.authorizerId, by.principal.merchantIds));
    if (!subject) throw notFound('snapshot');
    return subject;
  }
}
