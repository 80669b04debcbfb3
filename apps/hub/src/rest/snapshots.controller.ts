import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { DomainDiffView, DomainsAtView, SnapshotView } from '#libs/contract';
import { DomainHistory, ObservationTimes, parseSnapshotId } from '#libs/domain-ledger';
import type { Sql } from '#libs/kernel';
import { AuthorizerDirectory } from '#libs/authorizers';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { PlatformScope } from './platform-scope.ts';

/** The domain history of one mini program. */
@Controller()
export class SnapshotsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly directory: AuthorizerDirectory,
    private readonly history: DomainHistory,
    private readonly observationTimes: ObservationTimes,
  ) {}

  @Endpoint('listSnapshots')
  list(@Input() { params, query }: In<'listSnapshots'>, @By() by: PlatformCaller) {
    return this.scope.list(by, query, async (sql, portion) => {
      const subject = await this.scope.authorizer(sql, by, params.authorizer_appid);
      return this.history.snapshots(sql, by.platform.platformId, subject, {
        ...query,
        ...portion,
      });
    });
  }

  @Endpoint('getSnapshot')
  get(@Input() { params }: In<'getSnapshot'>, @By() by: PlatformCaller): Promise<SnapshotView> {
    return this.scope.read(by, async (sql) => {
      const subject = await this.subjectOf(sql, by, params.id);
      return this.history.snapshot(sql, by.platform.platformId, subject, params.id);
    });
  }

  @Endpoint('getSnapshotRaw')
  raw(
    @Input() { params }: In<'getSnapshotRaw'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    return this.scope.read(by, async (sql) => {
      const subject = await this.subjectOf(sql, by, params.id);
      const body = await this.history.raw(sql, by.platform.platformId, subject, params.id);
      reply.header('Content-Type', 'application/json');
      return body;
    });
  }

  @Endpoint('getDomainsAt')
  at(@Input() { params, query }: In<'getDomainsAt'>, @By() by: PlatformCaller): Promise<DomainsAtView> {
    return this.scope.read(by, async (sql) => {
      const { authorizerId } = await this.scope.authorizer(sql, by, params.authorizer_appid);
      return this.history.at(sql, by.platform.platformId, authorizerId, query.at ?? null);
    });
  }

  @Endpoint('diffDomains')
  diff(@Input() { params, query }: In<'diffDomains'>, @By() by: PlatformCaller): Promise<DomainDiffView> {
    return this.scope.read(by, async (sql) => {
      const [{ authorizerId }, [clock]] = await Promise.all([
        this.scope.authorizer(sql, by, params.authorizer_appid),
        sql.query<{ now: Date }>('SELECT wxfleet.now() AS now'),
      ]);
      const to = query.to ?? (clock as { now: Date }).now;
      return this.history.diff(sql, by.platform.platformId, authorizerId, query.from, to);
    });
  }

  @Endpoint('listLifespans')
  lifespans(@Input() { params, query }: In<'listLifespans'>, @By() by: PlatformCaller) {
    return this.scope.read(by, async (sql) => {
      const { authorizerId } = await this.scope.authorizer(sql, by, params.authorizer_appid);
      return this.history.lifespans(sql, by.platform.platformId, authorizerId, query);
    });
  }

  @Endpoint('listObservations')
  observations(@Input() { params, query }: In<'listObservations'>, @By() by: PlatformCaller) {
    return this.scope.read(by, async (sql) => {
      const { authorizerId } = await this.scope.authorizer(sql, by, params.authorizer_appid);
      return this.observationTimes.page(sql, by.platform.platformId, authorizerId, query);
    });
  }

  /** The mini program that a snapshot's id names, if the caller may see it. */
  private async subjectOf(sql: Sql, by: PlatformCaller, id: string) {
    const named = parseSnapshotId(id);
    const subject =
      named && (await this.directory.byId(sql, by.platform.platformId, named.authorizerId, by.principal.merchantIds));
    if (!subject) throw notFound('snapshot');
    return subject;
  }
}
