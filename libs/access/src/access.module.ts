import { Module } from '@nestjs/common';
import { SealedTables, Settings } from '#libs/kernel';
import { ApiKeys } from './api-keys.ts';
import { AuditChain } from './audit-chain.ts';
import { AuditRetention, AuditRetentionOptions } from './audit-retention.ts';
import { AuditOptions, AuditTrail } from './audit-trail.ts';
import { ConsoleUsers } from './console-users.ts';
import { FirstOperator } from './first-operator.ts';
import { IdempotencyKeys, IdempotencyOptions, accessSealedTables } from './idempotency-keys.ts';
import { KnownDevices } from './known-devices.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PasswordCost, Passwords } from './password.ts';
import { PasswordHashPool } from './password-hash-pool.ts';
import { Sessions } from './sessions.ts';

/** Who may do what: API keys, console users, sessions, and the audit trail. */
@Module({
  providers: [
    ApiKeys,
    AuditChain,
    AuditOptions,
    AuditRetention,
    {
      provide: AuditRetentionOptions,
      useFactory: ({ audit }: Settings) => Object.assign(new AuditRetentionOptions(), audit),
      inject: [Settings],
    },
    AuditTrail,
    ConsoleUsers,
    FirstOperator,
    IdempotencyKeys,
    IdempotencyOptions,
    KnownDevices,
    LoginThrottle,
    {
      provide: Passwords,
      // A cheaper cost and a shared pool come from a global module in specs.
      useFactory: (cost?: PasswordCost, pool?: PasswordHashPool) => new Passwords(cost, pool),
      inject: [
        { token: PasswordCost, optional: true },
        { token: PasswordHashPool, optional: true },
      ],
    },
    Sessions,
  ],
  exports: [
    ApiKeys,
    AuditChain,
    AuditTrail,
    ConsoleUsers,
    FirstOperator,
    IdempotencyKeys,
    KnownDevices,
    Passwords,
    Sessions,
  ],
})
export class AccessModule {
  constructor(sealedTables: SealedTables) {
    sealedTables.add(accessSealedTables);
  }
}
