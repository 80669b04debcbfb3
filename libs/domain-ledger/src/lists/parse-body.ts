import { AppError } from '#libs/kernel';

/** A body that was found to be a success before; a byte order mark is skipped, as the client does. */
export function parseBody(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch (cause) {
    throw new AppError('upstream_failed', 'an answer of get_effective_domain is not JSON', { cause });
  }
}
