import { Controller } from '@nestjs/common';
import type { RelayView } from '#libs/contract';
import { Relays } from '#libs/events';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class RelaysController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly relays: Relays,
  ) {}

  @Endpoint('putRelay')
  async put(@Input() { params, body }: In<'putRelay'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    await this.relays.assertTarget(body.url);
    return this.scope.write(by, async (sql) => {
      const { deadline_ms: deadlineMs, ...rest } = body;
      const input = { ...rest, deadlineMs };
      const { view, secret } = await this.relays.put(
        sql,
        by.platform.platformId,
        params.name,
        input,
        by.principal.actor,
      );
      const what = secret === null ? 'relay.changed' : 'relay.created';
      await this.scope.record(sql, eventOf(by, what, `relay:${params.name}`, { url: body.url, mode: body.mode }));
      return { ...view, secret };
    });
  }

  @Endpoint('listRelays')
  async list(@By() by: PlatformCaller): Promise<{ items: RelayView[] }> {
    assertWholePlatform(by);
    return { items: await this.scope.read(by, (sql) => this.relays.list(sql, by.platform.platformId)) };
  }

  @Endpoint('getRelay')
  async get(@Input() { params }: In<'getRelay'>, @By() by: PlatformCaller): Promise<RelayView> {
    assertWholePlatform(by);
    const view = await this.scope.read(by, (sql) => this.relays.get(sql, by.platform.platformId, params.name));
    if (!view) throw notFound('relay');
    return view;
  }

  @Endpoint('deleteRelay')
  async remove(@Input() { params }: In<'deleteRelay'>, @By() by: PlatformCaller): Promise<void> {
    assertWholePlatform(by);
    await this.scope.write(by, async (sql) => {
      if (!(await this.relays.remove(sql, by.platform.platformId, params.name))) throw notFound('relay');
      await this.scope.record(sql, eventOf(by, 'relay.removed', `relay:${params.name}`));
    });
  }

  @Endpoint('testRelay')
  async test(@Input() { params }: In<'testRelay'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    await this.scope.write(by, async (sql) => {
      if (!(await this.relays.get(sql, by.platform.platformId, params.name))) throw notFound('relay');
      await this.scope.record(sql, eventOf(by, 'relay.tested', `relay:${params.name}`));
    });
    const { platformId, componentAppid } = by.platform;
    const result = await this.relays.test(platformId, componentAppid, params.name);
    if (!result) throw notFound('relay');
    return result;
  }
}
