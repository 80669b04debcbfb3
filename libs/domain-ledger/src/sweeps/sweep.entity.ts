import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A look at all mini programs of a platform: a scheduled round, or one that was requested. */
@Entity({ schema: 'domain_ledger', name: 'sweep' })
export class Sweep {
  @PrimaryColumn({ name: 'platform_id', type: 'int' })
  platformId!: number;

  @PrimaryGeneratedColumn('identity', { name: 'sweep_id', type: 'bigint', generatedIdentity: 'ALWAYS' })
  sweepId!: number;

  @Column({ name: 'round_at', type: 'timestamptz', nullable: true })
  roundAt!: Date | null;

  @Column({ name: 'state', type: 'text', default: 'running' })
  state!: string;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'expected', type: 'int' })
  expected!: number;

  @Column({ name: 'requested_by', type: 'text', nullable: true })
  requestedBy!: string | null;

  @Column({ name: 'total', type: 'int', default: 0 })
  total!: number;

  @Column({ name: 'changed', type: 'int', default: 0 })
  changed!: number;

  @Column({ name: 'unchanged', type: 'int', default: 0 })
  unchanged!: number;

  @Column({ name: 'skipped_permission', type: 'int', default: 0 })
  skippedPermission!: number;

  @Column({ name: 'failed', type: 'int', default: 0 })
  failed!: number;

  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  startedAt!: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
