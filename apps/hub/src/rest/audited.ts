import type { AuditEvent } from '#libs/access';
import { AppError, type Sql } from '#libs/kernel';
import type { Caller } from '../http/endpoint.ts';

/** An audit event of this caller. `merchantId`: the merchant concerned, where it is exactly one. */
export function eventOf(
  by: Caller,
  action: string,
  subject: string,
  detail?: Record<string, unknown>,
  merchantId: string | null = null,
): AuditEvent {
  return {
    platformId: by.platform?.platformId ?? by.principal.platformId,
    merchantId,
    actor: by.principal.actor,
    address: by.address,
    action,
    subject,
    ...(detail ? { detail } : {}),
  };
}

/**
 * The last step of a transaction that is the whole work of an operation with an `Idempotency-Key`: the answer is stored with what
 * it tells, so that a process that ends afterwards loses neither.
 * @param result the answer; its status is set before
 */
export async function answered<T>(sql: Sql, by: Caller, result: T): Promise<T> {
  await by.keepAnswer?.(sql, result);
  return result;
}

/** For what concerns all merchants at once. @throws AppError forbidden for a key that is limited to some */
export function assertWholePlatform(by: Caller): void {
  if (by.principal.merchantIds !== null) {
    throw new AppError('forbidden', 'an API key that is limited to merchants may not do this');
  }
}
