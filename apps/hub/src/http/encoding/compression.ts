import compress from '@fastify/compress';
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { OperationId } from '#libs/contract';
import { PAGE } from '../endpoint.ts';

/** Not event streams, which must be sent event by event, and nothing that is compressed already. */
const TYPES = /^(?:application\/(?:problem\+)?json|text\/(?:csv|plain|html|xml))\b/;
/** Below this many bytes compression saves nothing. */
const THRESHOLD = 1024;

// Repeated for every route, because the plugin takes its defaults for what a route leaves out. Brotli by its defaults is slow.
const OPTIONS = { encodings: ['gzip', 'deflate'] as ('gzip' | 'deflate')[], customTypes: TYPES, threshold: THRESHOLD };

/** Small replies on hot paths: even a hook that decides against compression would cost them. */
const NEVER: ReadonlySet<string> = new Set<OperationId | typeof PAGE>([
  'issueAccessToken',
  'receiveEvent',
  'receiveMessage',
  'live',
  'ready',
]);

/** Compresses replies of reading routes for clients that accept it. Requests are never decompressed. */
export async function addCompression(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', (route: RouteOptions & { compress?: object | false }) => {
    const { endpoint } = route.config ?? {};
    // Pages send files that were compressed when they were built.
    route.compress = endpoint === undefined || endpoint === PAGE || NEVER.has(endpoint) ? false : OPTIONS;
  });
  await fastify.register(compress, { ...OPTIONS, global: false, globalDecompression: false });
}
