import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { committedArtefact } from '#libs/testing';

describe('the typed client', () => {
  it('has the types of the committed OpenAPI document (artefact; `npm run artefacts` writes them again)', async () => {
    const document = JSON.parse(await readFile('docs/openapi.json', 'utf8')) as Parameters<typeof openapiTypescript>[0];
    const made = `// Made from docs/openapi.json by openapi-typescript. Do not edit.\n${astToString(await openapiTypescript(document))}`;
    expect(made).toBe(await committedArtefact('libs/client/src/generated/api.ts', made));
  });
});
