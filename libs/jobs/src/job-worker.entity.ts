import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job worker that lives: it writes a heartbeat every few seconds. */
@Entity({ schema: 'jobs', name: 'worker' })
export class JobWorker {
  @PrimaryColumn({ name: 'worker_id', type: 'text' })
  workerId!: string;

  @Column({ name: 'heartbeat_at', type: 'timestamptz' })
  heartbeatAt!: Date;
}
