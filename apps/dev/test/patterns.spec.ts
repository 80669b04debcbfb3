import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { routes, type Route } from '#libs/contract';
import { patternsIn, whoHangs, type Pattern } from './patterns.ts';

/** Patterns that schemas make by themselves (moments, for instance). */
function patternsOfSchemas(): Pattern[] {
  const found: Pattern[] = [];
  const walk = (place: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'pattern' && typeof inner === 'string') found.push({ place, source: inner, flags: '' });
      else walk(place, inner);
    }
  };
  for (const [id, route] of Object.entries(routes) as unknown as [string, Route][]) {
    for (const part of ['params', 'query', 'body'] as const) {
      walk(`${id} ${part}`, z.toJSONSchema(route[part], { io: 'input', unrepresentable: 'any' }));
    }
  }
  return found;
}

/** No text of these lengths takes long, unless a pattern goes over it once for each of its characters. */
const PATIENCE_MS = 60_000;

/** What reads nothing but settings and what we make ourselves. */
const HARMLESS = new Set(['\\/+$']);

describe('regular expressions', () => {
  const written = patternsIn(['libs', 'apps/hub', 'apps/cli']);
  const ofSchemas = patternsOfSchemas();

  it('are found', () => {
    expect(written.length).toBeGreaterThan(60);
    expect(ofSchemas.length).toBeGreaterThan(30);
  });

  it('take no longer for hostile texts than for any others', async () => {
    const read = [...written, ...ofSchemas].filter((each) => !HARMLESS.has(each.source));
    const different = new Map(read.map((each) => [`${each.source}/${each.flags}`, each]));
    expect(await whoHangs([...different.values()], PATIENCE_MS)).toBeNull();
  }, 600_000);

  it('are told on when they do', async () => {
    const hostile = { place: 'here', source: '^(a+)+$', flags: '' };
    expect(await whoHangs([hostile], 3000)).toBe('here /^(a+)+$/');
  });
});
