export { JobHandlers, handleJob, type JobContext, type JobHandler } from './job-handlers.ts';
export {
  JobQueue,
  defineJob,
  engineTime,
  type JobDefinition,
  type JobLane,
  type JobOptions,
  type JobRequest,
} from './job-queue.ts';
export { JobRunner, JobRunnerOptions, migrateJobs } from './job-runner.ts';
export { JobsModule } from './jobs.module.ts';
export { runBounded } from './run-bounded.ts';
