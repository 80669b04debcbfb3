import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A user of the console. */
@Entity({ schema: 'access', name: 'console_user' })
export class ConsoleUser {
  @PrimaryColumn({ name: 'user_id', type: 'text' })
  userId!: string;

  @Column({ name: 'platform_id', type: 'int', nullable: true })
  platformId!: number | null;

  @Column({ name: 'username', type: 'text' })
  username!: string;

  @Column({ name: 'role', type: 'text' })
  role!: string;

  @Column({ name: 'password_hash', type: 'text', select: false })
  passwordHash!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'password_changed_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  passwordChangedAt!: Date;

  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt!: Date | null;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'last_login_at', type: 'timestamptz', nullable: true })
  lastLoginAt!: Date | null;
}
