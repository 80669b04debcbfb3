import { Controller } from '@nestjs/common';
import { DomainAssertions, type StaleSubject } from '#libs/domain-ledger';
import { AppError } from '#libs/kernel';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf } from './audited.ts';
import { fleetScopeOf } from './fleet-scope.ts';
import { PlatformScope } from './platform-scope.ts';
import { StaleSnapshots } from './stale-snapshots.ts';

/** Whether mini programs are ready for a release. */
@Controller()
export class DomainAssertionsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly assertions: DomainAssertions,
    private readonly stale: StaleSnapshots,
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

  private async refresh(by: PlatformCaller, stale: readonly StaleSubject[]): Promise<void> {
    const event = (action: string, detail: Record<string, unknown>) =>
      eventOf(by, action, `platform:${by.platform.componentAppid}`, { stale: stale.length, ...detail });
    await this.scope.withAudit(
      by,
      {
        asked: event('domains.fetch_for_assertion_asked', {
          authorizer_appids: stale.map((each) => each.authorizerAppid),
        }),
        done: (fetched) => event('domains.fetched_for_assertion', { fetched }),
        failed: event('domains.fetched_for_assertion', {}),
      },
      () => this.stale.refresh(by.platform, stale),
    );
  }
}
