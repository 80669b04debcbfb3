import { Injectable } from '@nestjs/common';
import { Metrics, SharedReading } from '#libs/kernel';

/** Monitoring needs no credentials: however often it asks, the database is asked once in this time. */
const SHARED_MS = 1000;

/** The metrics as text, at most a second old: some of them are read from the database. */
@Injectable()
export class MetricsPage {
  private readonly reading = new SharedReading(SHARED_MS, () => this.metrics.text());

  constructor(private readonly metrics: Metrics) {}

  get contentType(): string {
    return this.metrics.contentType;
  }

  text(): Promise<string> {
    return this.reading.get();
  }
}
