import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session of a console user. */
@Entity({ schema: 'access', name: 'session' })
export class Session {
  @PrimaryColumn({ name: 'session_id', type: 'text' })
  sessionId!: string;

  @Column({ name: 'platform_id', type: 'int', nullable: true })
  platformId!: number | null;

  @Column({ name: 'user_id', type: 'text' })
  userId!: string;

  @Column({ name: 'token_digest', type: 'bytea', select: false })
  tokenDigest!: Buffer;

  @Column({ name: 'address', type: 'text', nullable: true })
  address!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  lastSeenAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;
}
