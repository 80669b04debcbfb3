import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
  type Attributes,
  type Span,
} from '@opentelemetry/api';
import { buildInfo } from '../settings/build-info.ts';
import type { Settings } from '../settings/settings.ts';

const NAME = 'wxfleet';

/** Off: nothing is loaded, and a traced piece of work is called directly. */
let isOn = false;

/** The span of a request. */
export interface RequestSpan {
  /** Goes on as part of the span: what reads a body comes back from the socket, outside of it. */
  within(goOn: () => void): void;
  /** @param failure what went wrong, in words that hold no secret; absent: nothing */
  end(attributes: Attributes, failure?: string): void;
}

/**
 * OpenTelemetry traces of requests, jobs and calls to WeChat, sent by OTLP over HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. The
 * exporter reads the other `OTEL_` variables itself. No span holds a token, a code, a body or a query.
 */
@Injectable()
export class Tracing implements OnApplicationShutdown {
  private constructor(private readonly provider: { shutdown(): Promise<void> } | null) {}

  static async start(settings: Pick<Settings, 'tracing'>): Promise<Tracing> {
    if (!settings.tracing) return new Tracing(null);
    const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
      await Promise.all([
        import('@opentelemetry/sdk-trace-node'),
        import('@opentelemetry/exporter-trace-otlp-http'),
        import('@opentelemetry/resources'),
      ]);
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({
        'service.name': settings.tracing.serviceName,
        'service.version': buildInfo().version,
      }),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    provider.register();
    isOn = true;
    return new Tracing(provider);
  }

  /** Sends what is waiting. The kernel stops last, so that spans of the stop are among it. */
  async onApplicationShutdown(): Promise<void> {
    if (!this.provider) return;
    isOn = false;
    // A collector that is away must not keep a process from its end.
    await this.provider.shutdown().catch(() => undefined);
    for (const api of [trace, context, propagation]) api.disable();
  }
}

/**
 * Does work within a span; what it calls becomes part of it. A failure is marked by the name of its class alone.
 * @param traceparent the span that has asked for the work, as `currentTraceparent` gave it there; absent: the present one
 */
export function traced<T>(
  name: string,
  kind: 'client' | 'consumer',
  attributes: () => Attributes,
  work: () => Promise<T>,
  traceparent?: string,
): Promise<T> {
  if (!isOn) return work();
  const options = { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.CONSUMER, attributes: attributes() };
  const from = traceparent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, { traceparent });
  return trace.getTracer(NAME).startActiveSpan(name, options, from, async (span) => {
    try {
      return await work();
    } catch (error) {
      fail(span, error instanceof Error ? error.name : 'error');
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The present span as a `traceparent` (W3C Trace Context), for work that is done elsewhere or later; undefined: there is none. */
export function currentTraceparent(): string | undefined {
  if (!isOn) return undefined;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Begins the span of a request, as part of the trace that its headers name. @returns null: traces are off */
export function requestSpan(name: string, headers: Readonly<Record<string, unknown>>): RequestSpan | null {
  if (!isOn) return null;
  const from = propagation.extract(ROOT_CONTEXT, headers);
  const span = trace.getTracer(NAME).startSpan(name, { kind: SpanKind.SERVER }, from);
  const here = trace.setSpan(from, span);
  return {
    within: (goOn) => context.with(here, goOn),
    end(attributes, failure) {
      span.setAttributes(attributes);
      if (failure !== undefined) fail(span, failure);
      span.end();
    },
  };
}

function fail(span: Span, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
