import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The response that Node is writing, or will write next, on a connection. Private to Node. */
interface Internals {
  _httpMessage?: ServerResponse | null;
}

/**
 * Whether a response is owed on the connection to a request that has already arrived. Anything else written to the socket would
 * be taken for that response, or end up in the middle of it. Without the private field: no.
 */
export function owesResponse(socket: Duplex): boolean {
  const response = (socket as unknown as Internals)._httpMessage;
  return response != null && (response.headersSent || response.req.complete);
}
