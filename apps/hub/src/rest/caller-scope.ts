import { Injectable } from '@nestjs/common';
import { AuditTrail, tenantOf, type AuditEvent } from '#libs/access';
import { AppError, Database, type Sql } from '#libs/kernel';
import type { Caller } from '../http/endpoint.ts';
import { answered } from './audited.ts';

/** Transactions of a caller, and what is recorded of it; row-level security limits both to what it may see. */
@Injectable()
export class CallerScope {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditTrail,
  ) {}

  /** One transaction. */
  write<T>(by: Caller, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.db.forTenant(tenantOf(by.principal, by.platform?.platformId), work);
  }

  /** One transaction whose result is the answer to an operation that takes an `Idempotency-Key`. */
  writeOnce<T>(by: Caller, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.write(by, async (sql) => answered(sql, by, await work(sql)));
  }

  /** One read-only transaction; not started if the client disconnects while it waits for its turn. */
  read<T>(by: Caller, work: (sql: Sql) => Promise<T>, turn?: { continues: boolean }): Promise<T> {
    const tenant = tenantOf(by.principal, by.platform?.platformId);
    return this.db.readForTenant(tenant, work, { ...turn, gone: by.aborted });
  }

  /** Records within the transaction: the event exists if and only if the change does. */
  record(sql: Sql, event: AuditEvent): Promise<void> {
    return this.audit.record(sql, event);
  }

  /**
   * Audits work that cannot be in one transaction with its event, above all calls to WeChat: one event before, because the work
   * may have an effect even if this process ends, and one with the outcome.
   */
  async withAudit<T>(
    by: Caller,
    events: { asked: AuditEvent; done: (result: T) => AuditEvent; failed: AuditEvent },
    work: () => Promise<T>,
  ): Promise<T> {
    const record = (event: AuditEvent) => this.write(by, (sql) => this.record(sql, event));
    await record(events.asked);
    let result: T;
    try {
      result = await work();
    } catch (error) {
      const outcome = error instanceof AppError ? error.code : 'internal';
      // The first event is recorded; the caller needs the original error.
      await record({ ...events.failed, outcome }).catch(() => undefined);
      throw error;
    }
    await record(events.done(result));
    return result;
  }
}
