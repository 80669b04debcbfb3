import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A rotation of the master key. */
@Entity({ schema: 'custody', name: 'master_key_rotation' })
export class KeyRotation {
  @PrimaryGeneratedColumn('identity', { name: 'rotation_id', type: 'bigint', generatedIdentity: 'ALWAYS' })
  rotationId!: number;

  @Column({ name: 'key_id', type: 'text' })
  keyId!: string;

  @Column({ name: 'state', type: 'text', default: 'running' })
  state!: 'running' | 'done' | 'incomplete' | 'failed';

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'total', type: 'bigint', nullable: true })
  total!: number | null;

  @Column({ name: 'resealed', type: 'bigint', default: 0 })
  resealed!: number;

  @Column({ name: 'remaining', type: 'bigint', nullable: true })
  remaining!: number | null;

  @Column({ name: 'lease_generation', type: 'bigint', default: 0 })
  leaseGeneration!: number;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  startedAt!: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
