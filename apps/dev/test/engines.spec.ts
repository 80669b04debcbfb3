import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
// @ts-expect-error plain JavaScript, because it runs before anything is installed
import * as engines from '../../launcher/engines.mjs';

const satisfies = engines.satisfies as (version: string, range: string) => boolean;

/** Every minor version of the Node lines that somebody may have. */
const VERSIONS = [18, 20, 21, 22, 23, 24, 25, 26].flatMap((major) =>
  Array.from({ length: 40 }, (_, minor) => `${major}.${minor}.0`),
);

async function json<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

describe('the Node versions that wxfleet runs on', () => {
  it('are those that every installed package accepts', async () => {
    const lock = await json<{ packages: Record<string, { engines?: { node?: string } }> }>('package-lock.json');
    const ranges = Object.entries(lock.packages)
      .filter(([path]) => path !== '')
      .map(([, { engines: of }]) => of?.node)
      .filter((range): range is string => range !== undefined);
    expect(ranges.length).toBeGreaterThan(100);
    const all = [...new Set(ranges)];
    const accepted = VERSIONS.filter((version) => all.every((range) => satisfies(version, range)));
    const own = await json<{ engines: { node: string } }>('package.json');
    expect(VERSIONS.filter((version) => satisfies(version, own.engines.node))).toEqual(accepted);
  });

  it('are tried by the workflow: the oldest of each line, and the recommended one', async () => {
    const { engines } = await json<{ engines: { node: string } }>('package.json');
    const workflow = parse(await readFile('.github/workflows/test.yml', 'utf8')) as {
      jobs: { test: { strategy: { matrix: { node: string[] } }; steps: { run?: string }[] } };
    };
    const { strategy, steps } = workflow.jobs.test;
    const oldest = [...engines.node.matchAll(/\d+\.\d+\.\d+/g)].map(([version]) => version);
    expect(strategy.matrix.node).toEqual([...oldest, '24']);
    expect(steps.map(({ run }) => run)).toContain('npm test');
    expect(await readFile('README.md', 'utf8')).toContain('24 is recommended');
    expect(await readFile('Dockerfile', 'utf8')).toMatch(/^FROM node:24-/m);
  });

  it.each([
    ['20.19.0', '^20.19.0 || >=24.11', true],
    ['20.18.9', '^20.19.0 || >=24.11', false],
    ['24.10.0', '^20.19.0 || >=24.11', false],
    ['25.0.0', '^20.19.0 || >=24.11', true],
    ['14.17.0', '>=16 || 14 >=14.17', true],
    ['14.16.0', '>=16 || 14 >=14.17', false],
    ['10.2.0', '10.* || >= 12.*', true],
    ['11.2.0', '10.* || >= 12.*', false],
    ['20.20.2', '>=20.19.0 <21', true],
    ['22.13.1', '^20.12||^22.13||>=24.0', true],
    ['7.0.0', '*', true],
  ])('%s in %s: %s', (version, range, isIn) => {
    expect(satisfies(version, range)).toBe(isIn);
  });

  it('are not guessed from a form that is not known', () => {
    expect(() => satisfies('20.0.0', '1.2.3 - 2.3.4')).toThrow('unknown form');
  });
});
