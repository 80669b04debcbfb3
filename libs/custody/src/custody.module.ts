import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EventsModule } from '#libs/events';
import { JobsModule } from '#libs/jobs';
import { SealedTables, Settings } from '#libs/kernel';
import { QuotaModule } from '#libs/quota';
import { WechatModule } from '#libs/wechat';
import { AuthorizerCommits } from './authorizer-tokens/authorizer-commits.ts';
import { AuthorizerGrants } from './authorizer-tokens/authorizer-grants.ts';
import { AuthorizerRefresh } from './authorizer-tokens/authorizer-refresh.ts';
import { AuthorizerTokenRows } from './authorizer-tokens/authorizer-token-rows.ts';
import { AuthorizerTokens } from './authorizer-tokens/authorizer-tokens.ts';
import { RefreshPass } from './authorizer-tokens/refresh-pass.ts';
import { RefreshTokenRecovery } from './authorizer-tokens/refresh-token-recovery.ts';
import { ComponentTokenRows } from './component-tokens/component-token-rows.ts';
import { ComponentTokens } from './component-tokens/component-tokens.ts';
import { CustodyOptions } from './custody-options.ts';
import { KeyRotations } from './master-keys/key-rotations.ts';
import { MasterKeyRegister } from './master-keys/master-key-register.ts';
import { MasterKeyRotation } from './master-keys/master-key-rotation.ts';
import { custodySealedTables } from './master-keys/sealed-tables.ts';
import { ComponentAccounts } from './platforms/component-accounts.ts';
import { ComponentTickets } from './platforms/component-tickets.ts';
import { PlatformRemoval } from './platforms/platform-removal.ts';
import { TicketGuard } from './platforms/ticket-guard.ts';
import { TokenInvalidationChannel } from './token-invalidation-channel.ts';

/**
 * Platforms, their tickets and tokens, and the tokens of the accounts that authorized them. At the start it checks that the
 * master keys open what is stored, and listens to the other processes; at the stop it writes pending results.
 */
@Module({
  imports: [EventsModule, JobsModule, QuotaModule, WechatModule],
  providers: [
    {
      provide: CustodyOptions,
      useFactory: ({ wechat }: Settings) =>
        // A refresh must outlive the call it makes.
        new CustodyOptions({ leaseSeconds: Math.ceil(wechat.timeoutMs / 1000) * 3 + 5 }),
      inject: [Settings],
    },
    TokenInvalidationChannel,
    ComponentAccounts,
    ComponentTickets,
    PlatformRemoval,
    TicketGuard,
    ComponentTokenRows,
    ComponentTokens,
    AuthorizerTokenRows,
    AuthorizerGrants,
    AuthorizerCommits,
    AuthorizerRefresh,
    RefreshTokenRecovery,
    RefreshPass,
    AuthorizerTokens,
    MasterKeyRegister,
    MasterKeyRotation,
    KeyRotations,
  ],
  exports: [
    ComponentAccounts,
    ComponentTickets,
    ComponentTokens,
    AuthorizerTokens,
    PlatformRemoval,
    TicketGuard,
    TokenInvalidationChannel,
    MasterKeyRegister,
    KeyRotations,
  ],
})
export class CustodyModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly masterKeys: MasterKeyRegister,
    private readonly accounts: ComponentAccounts,
    private readonly commits: AuthorizerCommits,
    private readonly channel: TokenInvalidationChannel,
    sealedTables: SealedTables,
  ) {
    sealedTables.add(custodySealedTables);
  }

  /** @throws SealError when a master key is missing or wrong */
  async onModuleInit(): Promise<void> {
    await this.masterKeys.assertComplete();
    await this.accounts.assertKeys();
    await this.channel.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.commits.stop();
    await this.channel.stop();
  }
}
