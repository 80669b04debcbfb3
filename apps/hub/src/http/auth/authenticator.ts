import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeys, Sessions, digestOf, type Principal } from '#libs/access';
import { AppError } from '#libs/kernel';
import { PublicUrls } from '../../public-urls.ts';
import { Admission } from '../admission/admission.ts';
import { sessionTokenOf } from './session-cookie.ts';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/** The last Authorization header of a connection, parsed. */
const PARSED = Symbol('parsed authorization');
interface ParsedConnection {
  [PARSED]?: { header: string; key: string; digest: string };
}

/** Finds the principal of a request: by its API key, or by its session cookie. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly keys: ApiKeys,
    private readonly sessions: Sessions,
    private readonly urls: PublicUrls,
    private readonly admission: Admission,
  ) {}

  /**
   * At once where the credentials are in memory.
   * @returns null when the request has no credentials
   * @throws AppError unauthenticated, rate_limited
   */
  authenticate(request: FastifyRequest, reply: FastifyReply): Principal | null | Promise<Principal | null> {
    const header = request.headers.authorization;
    if (header === undefined) return this.authenticateSession(request, reply);
    // Clients repeat the header with every request of a connection: it is parsed and digested once.
    const socket = request.raw.socket as ParsedConnection;
    let parsed = socket[PARSED];
    if (parsed?.header !== header) {
      const key = BEARER.exec(header)?.[1];
      if (key === undefined) return null;
      parsed = socket[PARSED] = { header, key, digest: digestOf(key) };
    }
    const { key, digest } = parsed;
    if (this.keys.knows(digest)) return this.keys.authenticate(key, digest, request);
    return this.unknown(request, reply, () => this.keys.authenticate(key, digest, request));
  }

  /** Whether the key or session of an answer that lasts is still good. A database that is away does not end it. */
  async isStillValid(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    try {
      return (await this.authenticate(request, reply)) !== null;
    } catch (error) {
      return !(error instanceof AppError && error.code === 'unauthenticated');
    }
  }

  private authenticateSession(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Principal | null | Promise<Principal | null> {
    if (request.headers.cookie === undefined) return null;
    const token = sessionTokenOf(request.headers.cookie, this.urls.base);
    if (token === undefined) return null;
    if (this.sessions.knows(token)) return this.sessions.authenticate(token);
    return this.unknown(request, reply, () => this.sessions.authenticate(token));
  }

  /**
   * Credentials that are not in memory are charged to their address before they are looked up, so that parallel guesses all
   * count; valid ones are refunded.
   * @throws AppError rate_limited, unauthenticated
   */
  private unknown(
    request: FastifyRequest,
    reply: FastifyReply,
    lookUp: () => Principal | null | Promise<Principal | null>,
  ): Principal | Promise<Principal> {
    const { ip } = request;
    const refusal = this.admission.takeForAddress('credentials', ip, reply);
    if (refusal) throw refusal;
    const settle = (principal: Principal | null): Principal => {
      if (!principal) throw unauthenticated(reply);
      this.admission.refundAddress('credentials', ip);
      return principal;
    };
    const found = lookUp();
    if (!(found instanceof Promise)) return settle(found);
    return found.then(settle, (error: unknown) => {
      // A failed look-up says nothing about the credentials.
      this.admission.refundAddress('credentials', ip);
      throw error;
    });
  }
}

export function unauthenticated(reply: FastifyReply): AppError {
  reply.header('WWW-Authenticate', 'Bearer realm="wxfleet"');
  return new AppError('unauthenticated', 'send Authorization: Bearer <api key>, with a key that is valid');
}
