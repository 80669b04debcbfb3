import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventTypes } from '#libs/contract';

/**
 * Described for those to come, and never written: accounts have no tags, and WeChat pushes nothing about a release. An entry that
 * is written after all fails here.
 */
const NOT_WRITTEN = ['authorizer.tagged', 'release.detected'];

describe('types of events', () => {
  const code = readdirSync('libs', { recursive: true, encoding: 'utf8' })
    .map((name) => join('libs', name))
    .filter((name) => /\/src\/.*\.ts$/.test(name) && !name.endsWith('.spec.ts'))
    .filter((name) => !/^libs\/(contract|client|testing)\//.test(name))
    .map((name) => readFileSync(name, 'utf8'))
    .join('\n');
  const written = eventTypes.filter((type) => code.includes(`'${type}'`));

  it('are written somewhere, but for these', () => {
    expect(eventTypes.filter((type) => !written.includes(type)).sort()).toEqual(NOT_WRITTEN);
  });

  it('are in docs/events.md if and only if they are written', () => {
    const [, section = ''] = readFileSync('docs/events.md', 'utf8').split('\n## Types\n');
    const listed = section.split('\n').flatMap((line) => {
      const [, cell = ''] = /^\| (`[^|]*) \|/.exec(line) ?? [];
      let family = '';
      return [...cell.matchAll(/`([a-z_.]+)`/g)].map(([, name = '']) => {
        if (!name.startsWith('.')) family = name.slice(0, name.indexOf('.'));
        return name.startsWith('.') ? family + name : name;
      });
    });
    expect(listed.sort()).toEqual([...written].sort());
    for (const type of NOT_WRITTEN) expect(section).not.toContain(type);
  });
});
