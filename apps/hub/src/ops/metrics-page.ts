import { Injectable } from '@nestjs/common';
import { Metrics } from '#libs/kernel';
import { SharedReading } from './shared-reading.ts';

/** The metrics as text, at most a second old: some of them are read from the database. */
@Injectable()
export class MetricsPage {
  private readonly reading = new SharedReading(() => this.metrics.text());

  constructor(private readonly metrics: Metrics) {}

  get contentType(): string {
    return this.metrics.contentType;
  }

  text(): Promise<string> {
    return this.reading.get();
  }
}
