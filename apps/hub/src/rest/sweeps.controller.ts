import { Controller } from '@nestjs/common';
import type { SweepView } from '#libs/contract';
import { DomainSweeps } from '#libs/domain-ledger';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { numericId } from './numeric-id.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class SweepsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly sweeps: DomainSweeps,
  ) {}

  @Endpoint('startSweep')
  start(@By() by: PlatformCaller): Promise<{ id: string }> {
    assertWholePlatform(by);
    return this.scope.writeOnce(by, async (sql) => {
      const { id } = await this.sweeps.request(sql, by.platform.platformId, by.principal.actor);
      await this.scope.record(sql, eventOf(by, 'sweep.started', `sweep:${id}`));
      return { id: String(id) };
    });
  }

  @Endpoint('listSweeps')
  list(@Input() { query }: In<'listSweeps'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    return this.scope.read(by, (sql) => this.sweeps.list(sql, by.platform.platformId, query));
  }

  @Endpoint('getSweep')
  async get(@Input() { params }: In<'getSweep'>, @By() by: PlatformCaller): Promise<SweepView> {
    assertWholePlatform(by);
    const id = numericId(params.id);
    const view =
      id === null ? null : await this.scope.read(by, (sql) => this.sweeps.view(sql, by.platform.platformId, id));
    if (!view) throw notFound('sweep');
    return view;
  }
}
