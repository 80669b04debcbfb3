import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key of the API: the digest, never the key itself. */
@Entity({ schema: 'access', name: 'api_key' })
export class ApiKey {
  @PrimaryColumn({ name: 'id', type: 'text' })
  id!: string;

  @Column({ name: 'platform_id', type: 'int', nullable: true })
  platformId!: number | null;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'prefix', type: 'text' })
  prefix!: string;

  @Column({ name: 'key_digest', type: 'bytea', select: false })
  keyDigest!: Buffer;

  @Column({ name: 'scopes', type: 'text', array: true })
  scopes!: string[];

  @Column({ name: 'merchant_ids', type: 'text', array: true, nullable: true })
  merchantIds!: string[] | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'last_used_address', type: 'text', nullable: true })
  lastUsedAddress!: string | null;

  @Column({ name: 'networks', type: 'text', array: true, nullable: true })
  networks!: string[] | null;

  @Column({ name: 'replaced_by', type: 'text', nullable: true })
  replacedBy!: string | null;
}
