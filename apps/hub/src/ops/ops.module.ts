import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.ts';
import { MetricsPage } from './metrics-page.ts';
import { MetricsServer } from './metrics-server.ts';
import { MetricsController } from './metrics.controller.ts';
import { Readiness } from './readiness.ts';

/** Health checks and metrics, in every role. */
@Module({
  controllers: [HealthController, MetricsController],
  providers: [MetricsPage, MetricsServer, Readiness],
})
export class OpsModule {}
