import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, ClockCheck, Database, KeyRing, Log, Metrics, Sealer, Settings, Ticks } from '#libs/kernel';
import type { HubServices } from './services.ts';

export interface HubKernelParts {
  settings: Settings;
  masterKeys: KeyRing;
  clock: Clock;
}

/**
 * What capabilities inject, while others are still wired by hand: as `KernelModule`, but the database is closed by
 * `Hub.stop` after everything that was wired by hand.
 */
@Global()
@Module({})
export class HubKernel implements OnApplicationShutdown {
  constructor(private readonly ticks: Ticks) {}

  static with(services: HubServices, { settings, masterKeys, clock }: HubKernelParts): DynamicModule {
    return {
      module: HubKernel,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: KeyRing, useValue: masterKeys },
        { provide: Log, useValue: services.log },
        { provide: Metrics, useValue: services.metrics },
        { provide: Clock, useValue: clock },
        { provide: Database, useValue: services.db },
        { provide: Sealer, useValue: new Sealer(masterKeys) },
        Ticks,
        { provide: ClockCheck, useValue: services.clockCheck },
      ],
      exports: [Settings, KeyRing, Log, Metrics, Clock, Database, Sealer, Ticks, ClockCheck],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ticks.stop();
  }
}
