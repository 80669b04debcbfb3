import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A third-party platform. Sealed columns hold envelopes bound to the row. */
@Entity({ schema: 'custody', name: 'component_account' })
export class ComponentAccount {
  @PrimaryGeneratedColumn('identity', { name: 'platform_id', type: 'int', generatedIdentity: 'ALWAYS' })
  platformId!: number;

  @Column({ name: 'component_appid', type: 'text' })
  componentAppid!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'sealed_appsecret', type: 'bytea', select: false })
  sealedAppsecret!: Buffer;

  @Column({ name: 'sealed_push_token', type: 'bytea', select: false })
  sealedPushToken!: Buffer;

  @Column({ name: 'sealed_aes_key', type: 'bytea', select: false })
  sealedAesKey!: Buffer;

  @Column({ name: 'sealed_previous_push_token', type: 'bytea', nullable: true, select: false })
  sealedPreviousPushToken!: Buffer | null;

  @Column({ name: 'sealed_previous_aes_key', type: 'bytea', nullable: true, select: false })
  sealedPreviousAesKey!: Buffer | null;

  @Column({ name: 'previous_push_secrets_until', type: 'timestamptz', nullable: true })
  previousPushSecretsUntil!: Date | null;

  @Column({ name: 'previous_push_secrets_used', type: 'bigint', default: 0 })
  previousPushSecretsUsed!: number;

  @Column({ name: 'previous_push_secrets_used_at', type: 'timestamptz', nullable: true })
  previousPushSecretsUsedAt!: Date | null;

  @Column({ name: 'misconfigured_at', type: 'timestamptz', nullable: true })
  misconfiguredAt!: Date | null;

  @Column({ name: 'misconfigured_wechat', type: 'jsonb', nullable: true })
  misconfiguredWechat!: Record<string, unknown> | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  updatedAt!: Date;

  @Column({ name: 'no_ticket_alarm_at', type: 'timestamptz', nullable: true })
  noTicketAlarmAt!: Date | null;

  @Column({ name: 'removing_at', type: 'timestamptz', nullable: true })
  removingAt!: Date | null;
}
