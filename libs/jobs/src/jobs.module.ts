import { Module } from '@nestjs/common';
import { JobHandlers } from './job-handlers.ts';
import { JobQueue } from './job-queue.ts';
import { JobRunner, JobRunnerOptions } from './job-runner.ts';

/** Jobs in the database: add them, handle them, run them. The hub starts the runner, in the worker role. */
@Module({
  providers: [JobQueue, JobHandlers, JobRunner, JobRunnerOptions],
  exports: [JobQueue, JobHandlers, JobRunner],
})
export class JobsModule {}
