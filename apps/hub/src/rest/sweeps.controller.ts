import { Controller, Inject } from '@nestjs/common';
import type { SweepView } from '#libs/contract';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { numericId } from './numeric-id.ts';
import { assertWholePlatform, eventOf, onPlatform, readOnPlatform } from './scoped.ts';

@Controller()
export class SweepsController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('startSweep')
  start(@By() by: PlatformCaller): Promise<{ id: string }> {
    assertWholePlatform(by);
    return onPlatform(this.hub, by, async (sql) => {
      const { id } = await this.hub.sweeps.request(sql, by.platform.platformId, by.principal.actor);
      await this.hub.audit.record(sql, eventOf(by, 'sweep.started', `sweep:${id}`));
      return { id: String(id) };
    });
  }

  @Endpoint('listSweeps')
  list(@Input() { query }: In<'listSweeps'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    return readOnPlatform(this.hub, by, (sql) => this.hub.sweeps.list(sql, by.platform.platformId, query));
  }

  @Endpoint('getSweep')
  async get(@Input() { params }: In<'getSweep'>, @By() by: PlatformCaller): Promise<SweepView> {
    assertWholePlatform(by);
    const id = numericId(params.id);
    const view =
      id === null
        ? null
        : await readOnPlatform(this.hub, by, (sql) => this.hub.sweeps.view(sql, by.platform.platformId, id));
    if (!view) throw notFound('sweep');
    return view;
  }
}
