import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { HealthView } from '#libs/contract';
import { Endpoint } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';

@Controller()
export class HealthController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('live')
  live(): HealthView {
    return { status: 'ok' };
  }

  @Endpoint('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthView> {
    const reason = await this.hub.unready();
    if (reason === null) return { status: 'ok' };
    reply.code(503);
    return { status: 'unavailable', reason };
  }
}
