import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError, Settings } from '#libs/kernel';
import { Endpoint } from '../http/endpoint.ts';
import { MetricsPage } from './metrics-page.ts';

@Controller()
export class MetricsController {
  constructor(
    private readonly page: MetricsPage,
    private readonly settings: Settings,
  ) {}

  @Endpoint('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (this.settings.http.metricsPort !== null) {
      throw new AppError('not_found', 'metrics are served on METRICS_PORT');
    }
    reply.type(this.page.contentType);
    return this.page.text();
  }
}
