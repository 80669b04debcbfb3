import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A link by which a merchant authorizes the platform. */
@Entity({ schema: 'authorizers', name: 'authorization_link' })
export class AuthorizationLink {
  @PrimaryColumn({ name: 'platform_id', type: 'int' })
  platformId!: number;

  @PrimaryColumn({ name: 'link_id', type: 'text' })
  linkId!: string;

  @Column({ name: 'merchant_id', type: 'text' })
  merchantId!: string;

  @Column({ name: 'page', type: 'text' })
  page!: string;

  @Column({ name: 'auth_type', type: 'smallint' })
  authType!: number;

  @Column({ name: 'authorizer_appid', type: 'text', nullable: true })
  authorizerAppid!: string | null;

  @Column({ name: 'permission_sets', type: 'int', array: true, nullable: true })
  permissionSets!: number[] | null;

  @Column({ name: 'return_url', type: 'text', nullable: true })
  returnUrl!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ name: 'used_at', type: 'timestamptz', nullable: true })
  usedAt!: Date | null;

  @Column({ name: 'openings', type: 'int', default: 0 })
  openings!: number;

  @Column({ name: 'first_opened_at', type: 'timestamptz', nullable: true })
  firstOpenedAt!: Date | null;

  @Column({ name: 'last_opened_at', type: 'timestamptz', nullable: true })
  lastOpenedAt!: Date | null;

  @Column({ name: 'pre_auth_code_expires_at', type: 'timestamptz', nullable: true })
  preAuthCodeExpiresAt!: Date | null;

  @Column({ name: 'maker_merchant_ids', type: 'text', array: true, nullable: true })
  makerMerchantIds!: string[] | null;
}
