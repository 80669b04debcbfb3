import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer of the provider, to whom accounts are assigned. */
@Entity({ schema: 'authorizers', name: 'merchant' })
export class Merchant {
  @PrimaryColumn({ name: 'platform_id', type: 'int' })
  platformId!: number;

  @PrimaryColumn({ name: 'merchant_id', type: 'text' })
  merchantId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  updatedAt!: Date;
}
