import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

export type ReconciliationState = 'running' | 'done' | 'stopped' | 'failed';

/** A comparison with WeChat's list of accounts. */
@Entity({ schema: 'authorizers', name: 'reconciliation' })
export class Reconciliation {
  @PrimaryColumn({ name: 'platform_id', type: 'int' })
  platformId!: number;

  @PrimaryGeneratedColumn('identity', { name: 'reconciliation_id', type: 'bigint', generatedIdentity: 'ALWAYS' })
  reconciliationId!: number;

  @Column({ name: 'state', type: 'text', default: 'running' })
  state!: ReconciliationState;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'next_offset', type: 'int', default: 0 })
  nextOffset!: number;

  @Column({ name: 'total_count', type: 'int', nullable: true })
  totalCount!: number | null;

  @Column({ name: 'listed', type: 'int', default: 0 })
  listed!: number;

  @Column({ name: 'created', type: 'int', default: 0 })
  created!: number;

  @Column({ name: 'recovered', type: 'int', default: 0 })
  recovered!: number;

  @Column({ name: 'unchanged', type: 'int', default: 0 })
  unchanged!: number;

  @Column({ name: 'marked_unauthorized', type: 'int', default: 0 })
  markedUnauthorized!: number;

  @Column({ name: 'without_refresh_token', type: 'int', default: 0 })
  withoutRefreshToken!: number;

  @Column({ name: 'failed', type: 'int', default: 0 })
  failed!: number;

  @Column({ name: 'lease_generation', type: 'bigint', default: 0 })
  leaseGeneration!: number;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  startedAt!: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ name: 'accept_shrunk_list', type: 'boolean', default: false })
  acceptShrunkList!: boolean;

  @Column({ name: 'list_pass', type: 'smallint', default: 1 })
  listPass!: number;

  @Column({ name: 'list_moved', type: 'boolean', default: false })
  listMoved!: boolean;

  @Column({ name: 'released_generation', type: 'bigint', nullable: true })
  releasedGeneration!: number | null;
}
