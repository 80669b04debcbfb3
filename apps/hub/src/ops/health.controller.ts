import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { HealthView } from '#libs/contract';
import { Endpoint } from '../http/endpoint.ts';
import { Readiness } from './readiness.ts';

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Endpoint('live')
  live(): HealthView {
    return { status: 'ok' };
  }

  @Endpoint('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthView> {
    const view = await this.readiness.view();
    if (view.status !== 'ok') reply.code(503);
    return view;
  }
}
