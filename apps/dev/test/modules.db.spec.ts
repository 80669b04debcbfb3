import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, testKernel, type TestDatabase } from '#libs/testing';

/** Libraries without services: data, the client of other programs, the embedded server, help for specs. */
const WITHOUT_MODULE = ['client', 'contract', 'postgres', 'testing', 'wechat-wire'];
/** Imported by every module of the others, and built with each of them. */
const KERNEL = 'kernel';

describe('the modules of the libraries', () => {
  let test: TestDatabase;
  /** By library. */
  const modules = new Map<string, Type[]>();
  beforeAll(async () => {
    test = await cloneDatabase();
    // One after the other: Jest cannot link graphs that share modules at the same time.
    for (const library of await readdir('libs')) {
      if (WITHOUT_MODULE.includes(library)) continue;
      const index = pathToFileURL(join(process.cwd(), 'libs', library, 'src/index.ts')).href;
      const exported = Object.entries((await import(index)) as Record<string, unknown>);
      modules.set(
        library,
        exported.flatMap(([name, value]) => (name.endsWith('Module') ? [value as Type] : [])),
      );
    }
  }, 60_000);
  afterAll(() => test.drop());

  it('are there, one for each library with services', () => {
    expect(modules.size).toBeGreaterThan(10);
    expect([...modules].filter(([, found]) => found.length !== 1)).toEqual([]);
  });

  it('are built by themselves, each with the modules that it imports and no other', async () => {
    for (const [library, [module]] of modules) {
      if (library === KERNEL) continue;
      const built = await Test.createTestingModule({ imports: [testKernel(test), module as Type] }).compile();
      expect([library, built.get(module as Type)]).toEqual([library, expect.any(module as Type)]);
    }
  });
});
