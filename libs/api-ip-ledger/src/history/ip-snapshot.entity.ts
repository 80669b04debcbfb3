import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A list of WeChat's addresses, for as long as it was the same. */
@Entity({ schema: 'api_ip_ledger', name: 'ip_snapshot' })
export class IpSnapshot {
  @PrimaryColumn({ name: 'kind', type: 'text' })
  kind!: string;

  @PrimaryColumn({ name: 'no', type: 'int' })
  no!: number;

  @Column({ name: 'digest', type: 'bytea' })
  digest!: Buffer;

  @Column({ name: 'ip_list', type: 'text', array: true })
  ipList!: string[];

  @Column({ name: 'invalid', type: 'text', array: true, default: [] })
  invalid!: string[];

  @Column({ name: 'body', type: 'text' })
  body!: string;

  @Column({ name: 'platform_id', type: 'int', select: false })
  platformId!: number;

  @Column({ name: 'first_asked_at', type: 'timestamptz' })
  firstAskedAt!: Date;

  @Column({ name: 'last_asked_at', type: 'timestamptz' })
  lastAskedAt!: Date;

  @Column({ name: 'first_observed_at', type: 'timestamptz' })
  firstObservedAt!: Date;

  @Column({ name: 'last_observed_at', type: 'timestamptz' })
  lastObservedAt!: Date;

  @Column({ name: 'observations', type: 'int', default: 1 })
  observations!: number;
}
