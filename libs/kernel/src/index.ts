export { AppError, type AppErrorOptions } from './app-error.ts';
export { Batcher, type BatcherOptions } from './batcher.ts';
export { Clock, SystemClock } from './clock.ts';
export {
  API_ROLE,
  Database,
  WORKER_ROLE,
  isDatabaseUnavailable,
  type DatabaseOptions,
  type Tenant,
} from './database.ts';
export { Drain } from './drain.ts';
export { durationMs, durationText } from './duration.ts';
export { KernelModule, type KernelParts } from './kernel.module.ts';
export { Log, describeError, type LogFields, type LogLevel } from './log.ts';
export { LatencyHistogram, LatencySeries } from './latency.ts';
export { Metrics } from './metrics.ts';
export { Neighbours } from './neighbours.ts';
export { onAbort } from './on-abort.ts';
export { KeyRing, SealError, Sealer } from './sealer.ts';
export { Savings, type Income } from './savings.ts';
export { Secret } from './secret.ts';
export { Settings, SettingsError, loadSettings, type Role, type Secrets } from './settings.ts';
export { SingleFlight } from './single-flight.ts';
export type { PlannedOnce, Sql } from './transaction.ts';
export { Ticks } from './ticks.ts';
