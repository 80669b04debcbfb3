import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last run of retention over a platform. */
@Entity({ schema: 'domain_ledger', name: 'retention' })
export class RetentionPass {
  @PrimaryColumn({ name: 'platform_id', type: 'int' })
  platformId!: number;

  @Column({ name: 'cursor_authorizer_id', type: 'bigint', default: 0 })
  cursorAuthorizerId!: number;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt!: Date;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Column({ name: 'examined', type: 'bigint', default: 0 })
  examined!: number;

  @Column({ name: 'removed', type: 'bigint', default: 0 })
  removed!: number;

  @Column({ name: 'lease_generation', type: 'bigint', default: 0 })
  leaseGeneration!: number;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Column({ name: 'run_no', type: 'int', default: 1 })
  runNo!: number;

  @Column({ name: 'keep_all_ms', type: 'bigint', nullable: true })
  keepAllMs!: number | null;

  @Column({ name: 'thin_to_ms', type: 'bigint', nullable: true })
  thinToMs!: number | null;

  @Column({ name: 'total', type: 'bigint', default: 0 })
  total!: number;

  @Column({ name: 'requested_by', type: 'text', nullable: true })
  requestedBy!: string | null;
}
