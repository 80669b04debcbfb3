export { JobQueue, defineJob, engineTime, type JobDefinition, type JobOptions, type JobRequest } from './job-queue.ts';
export {
  JobRunner,
  handleJob,
  migrateJobs,
  type JobContext,
  type JobHandler,
  type JobRunnerOptions,
} from './job-runner.ts';
export { runBounded } from './run-bounded.ts';
