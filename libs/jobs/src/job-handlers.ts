import { Injectable } from '@nestjs/common';
import type { JobDefinition } from './job-queue.ts';

export interface JobContext {
  /** Aborted when the process drains for too long: give up and let the job be tried again. */
  signal: AbortSignal | undefined;
  /** 1 for the first try. */
  attempt: number;
  maxAttempts: number;
}

/** A kind of job with what does it. */
export interface JobHandler {
  readonly definition: JobDefinition<unknown>;
  readonly run: (payload: unknown, context: JobContext) => Promise<void>;
}

/** Binds a handler to its definition; the payload is checked before the handler sees it. */
export function handleJob<Payload>(
  definition: JobDefinition<Payload>,
  handler: (payload: Payload, context: JobContext) => Promise<void>,
): JobHandler {
  return {
    definition: definition,
    run: (payload, context) => handler(definition.payload.parse(payload), context),
  };
}

/** The handlers of all jobs. A capability adds its handlers in a constructor or in `onModuleInit`, before the runner starts. */
@Injectable()
export class JobHandlers {
  private readonly byName = new Map<string, JobHandler>();

  /** @throws when a job of this name has a handler already */
  add(...handlers: readonly JobHandler[]): void {
    for (const handler of handlers) {
      const { name } = handler.definition;
      if (this.byName.has(name)) throw new Error(`the job ${name} has two handlers`);
      this.byName.set(name, handler);
    }
  }

  all(): readonly JobHandler[] {
    return [...this.byName.values()];
  }
}
