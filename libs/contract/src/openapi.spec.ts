import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument } from './openapi.ts';
import { routeList } from './routes.ts';

const file = new URL('../../../docs/openapi.json', import.meta.url);
type Node = Record<string, unknown>;

describe('the OpenAPI document', () => {
  const document = openApiDocument() as {
    tags: { name: string; description: string }[];
    paths: Record<string, Record<string, Node>>;
    components: { schemas: Node };
  };

  it('is the committed one (UPDATE_ARTEFACTS=1 rewrites it for review)', () => {
    const text = JSON.stringify(document, null, 2) + '\n';
    if (process.env['UPDATE_ARTEFACTS']) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it('has every route, with a description for every operation, parameter and reply', () => {
    for (const route of routeList) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()] as Node;
      expect(operation['operationId']).toBe(route.id);
      expect(operation['description']).toBeTruthy();
      for (const parameter of operation['parameters'] as Node[]) {
        expect({ route: route.id, ...parameter }).toMatchObject({
          description: expect.any(String),
          schema: expect.any(Object),
        });
      }
      for (const [status, reply] of Object.entries(operation['responses'] as Record<string, Node>)) {
        expect({ route: route.id, status, ...reply }).toMatchObject({ description: expect.stringMatching(/./) });
      }
    }
  });

  it('has an example for every operation that takes or gives JSON, and each example is one', () => {
    const wrong: string[] = [];
    let examples = 0;
    for (const route of routeList) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()] as Record<string, Node>;
      const hold = (what: string, content: unknown, schema: z.ZodType) => {
        const json = (content as Record<string, Node> | undefined)?.['application/json'];
        if (!json) return;
        examples += 1;
        const parsed = schema.safeParse(json['example']);
        if (!parsed.success) wrong.push(`${route.id} ${what}: ${z.prettifyError(parsed.error)}`);
      };
      hold('body', operation['requestBody']?.['content'], route.body);
      for (const [status, reply] of Object.entries(route.replies)) {
        const described = (operation['responses'] as Record<string, Node>)[status];
        if (reply.schema && status.startsWith('2')) hold(status, described?.['content'], reply.schema);
      }
    }
    expect(wrong).toEqual([]);
    expect(examples).toBeGreaterThan(100);
  });

  it('describes every tag', () => {
    for (const { name, description } of document.tags) expect([name, description]).not.toEqual([name, name]);
  });

  it('describes every property of every schema', () => {
    const missing: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (node === null || typeof node !== 'object') return;
      const properties = (node as { properties?: Record<string, Node> }).properties;
      for (const [name, property] of Object.entries(properties ?? {})) {
        if (!describes(property)) missing.push(`${path}.${name}`);
      }
      for (const [key, child] of Object.entries(node)) visit(child, `${path}.${key}`);
    };
    visit(document, '$');
    expect(missing).toEqual([]);
  });

  it('resolves every reference', () => {
    const references = new Set(JSON.stringify(document).match(/"#\/[^"]+"/g));
    expect(references.size).toBeGreaterThan(20);
    for (const reference of references) {
      const name = reference.slice('"#/components/schemas/'.length, -1);
      expect(document.components.schemas).toHaveProperty([name]);
    }
  });

  it('leaves no part of a path without a parameter, and no parameter without a place in the path', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations)) {
        const inPath = (operation['parameters'] as Node[])
          .filter(({ in: place }) => place === 'path')
          .map(({ name }) => name);
        expect([path, inPath]).toEqual([path, [...path.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1])]);
      }
    }
  });
});

/** A reference or a union of described parts counts: its target is described. */
function describes(node: Node): boolean {
  if (typeof node['description'] === 'string' || '$ref' in node) return true;
  const alternatives = (node['anyOf'] ?? node['oneOf'] ?? node['allOf']) as Node[] | undefined;
  return alternatives?.some(describes) ?? false;
}
