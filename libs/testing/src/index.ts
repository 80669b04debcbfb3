export { committedArtefact } from './artefact.ts';
export { Barrier, Gate } from './barrier.ts';
export { cloneDatabase, type TestDatabase } from './database.ts';
export { FakeClock } from './fake-clock.ts';
export { eventually, lockAwaited, testLog, testSealer } from './fixtures.ts';
export { testKernel } from './kernel.ts';
export { EmptyModule, servicesOf, type ServicesOf } from './modules.ts';
export { Receiver, type Received } from './receiver.ts';
export { describeSchema } from './schema-description.ts';
