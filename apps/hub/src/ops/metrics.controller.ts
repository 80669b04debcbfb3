import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';

@Controller()
export class MetricsController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.hub.metrics.contentType);
    return this.hub.metrics.text();
  }
}
