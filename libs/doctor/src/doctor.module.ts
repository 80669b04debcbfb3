import { Module } from '@nestjs/common';
import { ApiIpLedgerModule } from '#libs/api-ip-ledger';
import { CustodyModule } from '#libs/custody';
import { DomainLedgerModule } from '#libs/domain-ledger';
import { EventsModule } from '#libs/events';
import { InboxModule } from '#libs/inbox';
import { WechatModule } from '#libs/wechat';
import { PlatformChecks } from './platform-checks.ts';

/** Whether a platform is connected as it should be, and what to do where it is not. */
@Module({
  imports: [ApiIpLedgerModule, CustodyModule, DomainLedgerModule, EventsModule, InboxModule, WechatModule],
  providers: [PlatformChecks],
  exports: [PlatformChecks],
})
export class DoctorModule {}
