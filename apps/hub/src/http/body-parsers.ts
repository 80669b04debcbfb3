import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#libs/kernel';
import { routeOf } from './route-registry.ts';
import { UnreadableBody } from './validation.ts';

/** JSON for the REST routes; for pushes the text as it came, with any media type, because the protocol names none. */
export function setBodyParsers(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const unsupported = unsupportedEncoding(request);
    if (unsupported) return done(null, new UnreadableBody(unsupported));
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) return done(null, body === '' ? undefined : body);
    if (body === '') return done(null, undefined);
    // The parser calls back before it returns.
    void parseJson(request, body as string, (error, parsed) => done(null, error ? new UnreadableBody(error) : parsed));
  });
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const unsupported = unsupportedEncoding(request);
    if (unsupported) done(null, new UnreadableBody(unsupported));
    else if (routeOf(request.routeOptions.config.endpoint)?.rawBody) done(null, body);
    else if (body === '') done(null, undefined);
    else done(null, new UnreadableBody(new AppError('unsupported_media_type', 'send Content-Type: application/json')));
  });
}

/** A compressed body, or JSON in another charset than UTF-8 (RFC 8259), cannot be read as what it is. */
function unsupportedEncoding({ headers }: Pick<FastifyRequest, 'headers'>): AppError | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return new AppError('unsupported_media_type', 'Content-Encoding is not supported: send the body uncompressed');
  }
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    return new AppError('unsupported_media_type', 'send the body as application/json in UTF-8');
  }
  return undefined;
}
