import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DICTIONARY_1 } from './body-dictionary.ts';

/** How a stored body is encoded; numbers are stored. */
export const AS_IT_CAME = 0;
export const DEFLATED_WITH_DICTIONARY_1 = 1;

export interface StoredBody {
  encoding: number;
  bytes: Buffer;
}

/** Largest body that is ever inflated: the transport takes no larger one, and a damaged row must not fill the memory. */
const LARGEST = 16 * 1024 * 1024;

/** Packs a body; what does not shrink stays as it came. `unpackBody` gives the very same bytes back. */
export function packBody(body: Buffer): StoredBody {
  const bytes = deflateRawSync(body, { level: 6, dictionary: DICTIONARY_1 });
  return bytes.length < body.length
    ? { encoding: DEFLATED_WITH_DICTIONARY_1, bytes }
    : { encoding: AS_IT_CAME, bytes: body };
}

/** @throws Error on an unknown encoding or damaged bytes */
export function unpackBody(stored: StoredBody): Buffer {
  switch (stored.encoding) {
    case AS_IT_CAME:
      return stored.bytes;
    case DEFLATED_WITH_DICTIONARY_1:
      return inflateRawSync(stored.bytes, { dictionary: DICTIONARY_1, maxOutputLength: LARGEST });
    default:
      throw new Error(`body encoding ${stored.encoding} is not known to this version`);
  }
}
