import { Controller } from '@nestjs/common';
import { AuditTrail } from '#libs/access';
import { AuthorizerDirectory } from '#libs/authorizers';
import { DomainAssertions, DomainSnapshots, type StaleSubject } from '#libs/domain-ledger';
import { runBounded } from '#libs/jobs';
import { AppError, Log } from '#libs/kernel';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf, withAudit } from './audited.ts';
import { fleetScopeOf } from './fleet-scope.ts';
import { PlatformScope } from './platform-scope.ts';

/** Snapshots taken at once for one assertion, and how long new ones are started, in milliseconds. */
const FETCH_CONCURRENCY = 16;
const FETCH_MS = 20_000;

/** Whether mini programs are ready for a release. */
@Controller()
export class DomainAssertionsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly assertions: DomainAssertions,
    private readonly snapshots: DomainSnapshots,
    private readonly directory: AuthorizerDirectory,
    private readonly audit: AuditTrail,
    private readonly log: Log,
  ) {}

  @Endpoint('assertDomains')
  assert(@Input() { query, body }: In<'assertDomains'>, @By() by: PlatformCaller) {
    if (body.fetch_stale && !by.principal.scopes.has('domains:snapshot')) {
      throw new AppError('forbidden', 'fetch_stale needs the scope domains:snapshot');
    }
    const assertion = {
      domains: body.domains,
      merchantIds: body.merchant_ids,
      authorizerAppids: body.authorizer_appids,
      maxAgeMs: body.max_age,
    };
    const refresh = body.fetch_stale ? (stale: readonly StaleSubject[]) => this.refresh(by, stale) : undefined;
    return this.assertions.page(this.scope.perStatement(by, 'read'), fleetScopeOf(by), assertion, query, refresh);
  }

  /** An account that cannot be read keeps its existing observation; the failure is recorded in its history. */
  private async refresh(by: PlatformCaller, stale: readonly StaleSubject[]): Promise<void> {
    let fetched = 0;
    const take = async ({ authorizerId, authorizerAppid }: StaleSubject) => {
      try {
        const ref = await this.directory.ref(by.platform, authorizerAppid);
        if (ref?.authorizerId !== authorizerId) return;
        await this.snapshots.take(by.platform, { ...ref, authorizerAppid });
        fetched += 1;
      } catch (error) {
        if (!(error instanceof AppError)) {
          this.log.warn('assertion.fetch_failed', { authorizer_appid: authorizerAppid, error });
        }
      }
    };
    const event = (action: string, detail: Record<string, unknown>) =>
      eventOf(by, action, `platform:${by.platform.componentAppid}`, { stale: stale.length, ...detail });
    await withAudit(
      (each) => this.scope.write(by, (sql) => this.audit.record(sql, each)),
      {
        asked: event('domains.fetch_for_assertion_asked', {
          authorizer_appids: stale.map((each) => each.authorizerAppid),
        }),
        done: () => event('domains.fetched_for_assertion', { fetched }),
        failed: event('domains.fetched_for_assertion', {}),
      },
      () => runBounded(stale, FETCH_CONCURRENCY, take, AbortSignal.timeout(FETCH_MS)),
    );
  }
}
