import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { errorCodes } from './error-codes.ts';
import { openApiDocument } from './openapi.ts';
import { chineseOpenApiDocument } from './openapi.zh.ts';
import { AREAS, ChineseTexts } from './zh/chinese-texts.ts';
import { ERROR_TITLES } from './zh/errors.ts';

const HAN = /\p{Script=Han}/u;
/** Names, which have no Chinese form. */
const NAMES = new Set(['wxfleet']);

describe('the Chinese OpenAPI document', () => {
  const before = JSON.stringify(openApiDocument());
  const texts = new ChineseTexts();
  const document = chineseOpenApiDocument(texts);
  const english = textsOf(openApiDocument());
  const entries = Object.values(AREAS).flatMap((area) => Object.entries(area));

  it('has a Chinese text for every English one (the message names those that are missing)', () => {
    const places = new Map(english.map(({ place, text }) => [text, place]));
    const placeOf = (text: string) => places.get(text) ?? [...places].find(([whole]) => whole.includes(text))?.[1];
    const files = Object.keys(AREAS).map((area) => `${area}.ts`);
    const missing = [...texts.missing].map(
      (text) =>
        `${JSON.stringify(text)} of ${placeOf(text)}: add it in libs/contract/src/zh/, in one of ${files.join(', ')}`,
    );
    expect(missing).toEqual([]);
  });

  it('uses every Chinese text', () => {
    expect(
      unused(entries, texts).map((text) => `${JSON.stringify(text)}: remove it from libs/contract/src/zh/`),
    ).toEqual([]);
  });

  it('has every Chinese text once', () => {
    const keys = entries.map(([text]) => text);
    expect(keys.filter((text, at) => keys.indexOf(text) !== at)).toEqual([]);
  });

  it('leaves no text without a Chinese word, names excepted', () => {
    const left = textsOf(document).filter(({ text }) => !HAN.test(text) && !NAMES.has(text));
    expect(left).toEqual([]);
  });

  it('differs from the English one in texts only', () => {
    const shape = (node: unknown) =>
      JSON.parse(JSON.stringify(node), (key, value: unknown) =>
        ['description', 'title', 'summary', 'tags'].includes(key) && typeof value !== 'object' ? typeof value : value,
      ) as { tags: unknown; paths: Record<string, Record<string, { tags: unknown }>> };
    const [chinese, other] = [shape(document), shape(openApiDocument())].map((whole) => {
      for (const operation of Object.values(whole.paths).flatMap((path) => Object.values(path))) operation.tags = [];
      return { ...whole, tags: [] };
    });
    expect(chinese).toEqual(other);
    expect(JSON.stringify(openApiDocument())).toBe(before);
  });

  it('keeps what is in backticks', () => {
    const lost = entries.filter(([text, chinese]) => {
      const codes = text.match(/`[^`]+`/gu) ?? [];
      return codes.some((code) => !chinese.includes(code));
    });
    expect(lost).toEqual([]);
  });

  it('has Chinese punctuation, and a space between Chinese and Latin words', () => {
    const all = [...entries.map(([, chinese]) => chinese), ...errorCodes.map((code) => ERROR_TITLES[code])];
    const wrong = [
      /\p{Script=Han}[,;:?!()]/u,
      /[,;:?!]\p{Script=Han}/u,
      /\p{Script=Han}[\w`<]/u,
      /[\w`>]\p{Script=Han}/u,
      /[，。；：、（）「」] | [，。；：、（）「」]/u,
      /。$.|。。/u,
    ];
    expect(all.filter((text) => wrong.some((pattern) => pattern.test(text)))).toEqual([]);
  });

  it('tells of a text that has no Chinese one, and of a Chinese one that is not used', () => {
    const some = new ChineseTexts();
    const time = some.of('When it was painted (ISO 8601, UTC, milliseconds)');
    expect(time).toBe('When it was painted（ISO 8601，UTC，精确到毫秒）');
    expect([...some.missing]).toEqual(['When it was painted']);
    expect(some.of('Seconds to wait')).toBe('需等待的秒数');
    expect(unused(entries, some)).toHaveLength(entries.length - 1);
  });

  it('puts the parts together', () => {
    const some = new ChineseTexts();
    expect(some.of('Ends all sessions of the user. Requires the scope `keys:write`.')).toBe(
      '会结束该用户的所有会话。需要权限 `keys:write`。',
    );
    expect(some.of('Requires the scope `platforms:write` and an operator.')).toBe(
      '需要权限 `platforms:write`，且仅限运维用户（operator）。',
    );
    expect(some.of('`rate_limited`: Too many requests. `internal`: Internal error')).toBe(
      '`rate_limited`：请求过于频繁。`internal`：内部错误',
    );
    expect([...some.missing]).toEqual([]);
  });

  it('stays out of the console and of the client for backends: neither imports the contract', () => {
    const root = new URL('../../../', import.meta.url);
    const imports = ['apps/console/src/', 'libs/client/src/'].flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/u.test(name) && !name.includes('.spec.'))
        .filter((name) => /from '[^']*libs\/contract/u.test(readFileSync(new URL(folder + name, root), 'utf8')))
        .map((name) => folder + name),
    );
    expect(imports).toEqual([]);
  });
});

function unused(entries: readonly (readonly [string, string])[], texts: ChineseTexts): string[] {
  return entries.map(([text]) => text).filter((text) => !texts.used.has(text));
}

/** Every text of a document with its place; examples are no texts. */
function textsOf(node: unknown, place = ''): { place: string; text: string }[] {
  if (node === null || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'example') return [];
    const here = `${place}/${key}`;
    const isText = ['description', 'title', 'summary'].includes(key) && typeof value === 'string';
    return isText ? [{ place: here, text: value }] : textsOf(value, here);
  });
}
