import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Words that readers stumble over, and what to write instead. */
const REFUSED: Readonly<Record<string, string>> = {
  whoever: 'name the subject: the caller, the client, the process',
  whichever: 'the one that',
  anew: 'again, new',
  'is over': 'expired, finished, ended, has passed',
  'for want of': 'without, as a fallback for',
  'so many': 'a number, or: this many',
  'mend|mends|mended|mending': 'fix, repair',
  'mighty|mightier': 'privileged',
  'hung up|hangs up|hang up': 'disconnected, disconnects',
  'neighbour|neighbours': 'other tenants',
};
const PATTERN = new RegExp(`\\b(?:${Object.keys(REFUSED).join('|')})\\b`, 'i');

const GENERATED = /^(?:libs\/client\/src\/generated|docs\/openapi\.json)/;

const folders = [
  ...['apps', 'libs'].flatMap((top) => readdirSync(top).map((name) => join(top, name))),
  'migrations',
  'docs',
];

/** `file:line: text` of every line with a refused word. */
function findings(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => /\.(?:ts|tsx|mjs|md|json)$/.test(file) && !GENERATED.test(file) && !file.includes('node_modules'))
    .filter((file) => !file.endsWith('plain-words.spec.ts'))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((text, index) => (PATTERN.test(text) ? [`${file}:${index + 1}: ${text.trim()}`] : [])),
    );
}

describe('plain words', () => {
  it.each(folders)('%s has no refused word', (folder) => {
    expect(findings(folder)).toEqual([]);
  });

  it('finds a refused word where there is one', () => {
    for (const words of Object.keys(REFUSED))
      for (const word of words.split('|')) expect(PATTERN.test(word)).toBe(true);
    expect(PATTERN.test('recommended, tendered, overlap')).toBe(false);
  });
});
