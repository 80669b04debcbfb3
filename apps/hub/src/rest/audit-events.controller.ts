import { Controller, Inject } from '@nestjs/common';
import { tenantOf } from '#libs/access';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';

@Controller()
export class AuditEventsController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('listAuditEvents')
  list(@Input() { query }: In<'listAuditEvents'>, @By() by: PlatformCaller) {
    return this.hub.db.forTenant(tenantOf(by.principal, by.platform.platformId), (sql) =>
      this.hub.audit.list(sql, by.platform.platformId, query),
    );
  }
}
