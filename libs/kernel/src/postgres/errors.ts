import { isNativeError } from 'node:util/types';
import { QueryFailedError } from 'typeorm';

const SERVER_AT_FAULT = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL', // no free port, or an address of ours that went with its network
  'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '25006', // read_only_sql_transaction: after a failover this server takes no writes any more
  '25P03', // idle_in_transaction_session_timeout
]);

/** The server answers, but not this statement in time: what it needs is locked, or it is too slow now. */
const OUT_OF_TIME = new Set([
  '55P03', // lock_not_available
  '57014', // query_canceled, by statement_timeout
]);

/** SQLSTATE or code of the system; errors of the system belong to another realm where specs run. */
export function codeOf(error: unknown): unknown {
  return isNativeError(error) ? (error as { code?: unknown }).code : undefined;
}

/** Whether the server ended the statement because it took too long. */
export function isOutOfTime(error: unknown): boolean {
  if (error instanceof QueryFailedError) return isOutOfTime(error.driverError);
  return codeOf(error) === '57014';
}

/** Whether the connection or the server is at fault: the connection is not used again. */
export function isConnectionBroken(error: unknown): boolean {
  if (error instanceof QueryFailedError) return isConnectionBroken(error.driverError);
  if (!isNativeError(error)) return false;
  const code = codeOf(error);
  if (typeof code === 'string' && (SERVER_AT_FAULT.has(code) || code.startsWith('08'))) return true;
  // node-postgres has no code for these, nor has TypeORM for a data source that is closed.
  return /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after|Client was closed|Query read timeout|Driver not Connected)/.test(
    error.message,
  );
}

/**
 * Whether the database cannot be used for this now, so that trying again later is the right answer: the server is away, or
 * what the statement needs is locked or too slow.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof QueryFailedError) return isDatabaseUnavailable(error.driverError);
  if (isConnectionBroken(error)) return true;
  const code = codeOf(error);
  return typeof code === 'string' && OUT_OF_TIME.has(code);
}
