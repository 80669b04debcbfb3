import type { AuditEvent } from '#libs/access';
import { AppError } from '#libs/kernel';
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
 * Audits work that cannot be in one transaction with its event, above all calls to WeChat: one event before, because the work
 * may have an effect even if this process ends, and one with the outcome.
 */
export async function withAudit<T>(
  record: (event: AuditEvent) => Promise<void>,
  events: { asked: AuditEvent; done: (result: T) => AuditEvent; failed: AuditEvent },
  work: () => Promise<T>,
): Promise<T> {
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

/** For what concerns all merchants at once. @throws AppError forbidden for a key that is limited to some */
export function assertWholePlatform(by: Caller): void {
  if (by.principal.merchantIds !== null) {
    throw new AppError('forbidden', 'an API key that is limited to merchants may not do this');
  }
}
