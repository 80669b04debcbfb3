import type { DynamicModule } from '@nestjs/common';
import { KernelModule, KeyRing, loadSettings, type KernelParts } from '#libs/kernel';
import type { TestDatabase } from './database.ts';
import { testLog } from './fixtures.ts';

/**
 * The kernel module on a cloned database, for building a module by itself:
 * `Test.createTestingModule({ imports: [testKernel(test), QuotaModule] }).compile()`. Worker and api role, default settings
 * (`env` changes them), a fresh master key, a log that writes nowhere; each can be replaced.
 */
export function testKernel(
  test: Pick<TestDatabase, 'db'>,
  { env = {}, ...parts }: Partial<KernelParts> & { env?: NodeJS.ProcessEnv } = {},
): DynamicModule {
  return KernelModule.forRoot({
    settings: loadSettings(env).settings,
    masterKeys: KeyRing.parse(KeyRing.generate('test')),
    database: test.db,
    log: testLog().log,
    ...parts,
  });
}
