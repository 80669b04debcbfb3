import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics, type Metric } from 'prom-client';
import { LatencyHistogram } from './latency.ts';

type Labels = string[];

/** One Prometheus registry per hub instance; asking twice for a name gives the same instrument. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly settling: (() => void)[] = [];

  constructor(options: { processMetrics?: boolean } = {}) {
    if (options.processMetrics) collectDefaultMetrics({ register: this.registry });
  }

  counter(name: string, help: string, labelNames: Labels = []): Counter {
    return (
      (this.registry.getSingleMetric(name) as Counter | undefined) ??
      new Counter({ name, help, labelNames, registers: [this.registry] })
    );
  }

  gauge(name: string, help: string, labelNames: Labels = [], collect?: (gauge: Gauge) => void | Promise<void>): Gauge {
    return (
      (this.registry.getSingleMetric(name) as Gauge | undefined) ??
      new Gauge({
        name,
        help,
        labelNames,
        registers: [this.registry],
        ...(collect
          ? {
              async collect(this: Gauge) {
                await collect(this);
              },
            }
          : {}),
      })
    );
  }

  histogram(name: string, help: string, labelNames: Labels = [], buckets?: number[]): Histogram {
    return (
      (this.registry.getSingleMetric(name) as Histogram | undefined) ??
      new Histogram({ name, help, labelNames, registers: [this.registry], ...(buckets ? { buckets } : {}) })
    );
  }

  /** A histogram of seconds for paths on which every microsecond counts. */
  latency(name: string, help: string, buckets: readonly number[]): LatencyHistogram {
    const made = new LatencyHistogram(name, help, buckets);
    // The registry asks nothing of a metric but `name` and `get`.
    this.registry.registerMetric(made as unknown as Metric);
    return made;
  }

  /** Called before every reading: hot paths count in a number of their own and add it to a counter here. */
  beforeReading(settle: () => void): void {
    this.settling.push(settle);
  }

  /** The text exposition, as `GET /metrics` serves it. */
  text(): Promise<string> {
    for (const settle of this.settling) settle();
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
