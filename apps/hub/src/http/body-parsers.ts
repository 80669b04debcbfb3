import type { FastifyInstance } from 'fastify';
import { AppError } from '#libs/kernel';
import { routeOf } from './route-registry.ts';
import { UnreadableBody } from './validation.ts';

/** JSON for the REST routes; for pushes the text as it came, with any media type, because the protocol names none. */
export function setBodyParsers(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) return done(null, body === '' ? undefined : body);
    if (body === '') return done(null, undefined);
    // The parser calls back before it returns.
    void parseJson(request, body as string, (error, parsed) => done(null, error ? new UnreadableBody(error) : parsed));
  });
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (routeOf(request.routeOptions.config.endpoint)?.rawBody) done(null, body);
    else if (body === '') done(null, undefined);
    else done(null, new UnreadableBody(new AppError('unsupported_media_type', 'send Content-Type: application/json')));
  });
}
