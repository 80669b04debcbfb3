import type { Duplex } from 'node:stream';
import { PROBLEM_MEDIA_TYPE, type ErrorCode } from '#libs/contract';
import { owesResponse } from './node/pending-response.ts';
import { failure } from './problems/problem.ts';

/** Errors of Node's HTTP parser that have a problem code of their own. */
const CODES: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers a connection whose request cannot be parsed, or whose head is too large or too slow: there is no request object yet. */
export function answerBrokenHttp(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (owesResponse(socket)) return void socket.destroy();
  const { problem } = failure(CODES[error.code ?? ''] ?? 'invalid_request', undefined);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} Refused\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
