import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, HubWorld } from './hub-world.ts';
import { sendRaw } from './raw-socket.ts';

const head = (...lines: string[]) => [...lines, '', ''].join('\r\n');
const KEY = `Authorization: Bearer ${ADMIN_KEY}`;
const get = (target: string, ...lines: string[]) =>
  head(`GET ${target} HTTP/1.1`, 'Host: hub', 'Connection: close', KEY, ...lines);
const post = (...lines: string[]) =>
  head('POST /v1/platforms HTTP/1.1', 'Host: hub', KEY, 'Content-Type: application/json', ...lines);

/** What HTTP clients cannot be made to send. Every line: what it is, its bytes, the statuses that come back. */
const REQUESTS: [string, (string | Buffer)[], number[]][] = [
  ['a head without an end', ['GET /v1/me HTTP/1.1\r\nHost: hub\r\nX-A: b'], [400]],
  ['no HTTP at all', ['\u0000\u0001\u0002\r\n\r\n'], [400]],
  ['TLS', [Buffer.from('16030100c8010000c40303', 'hex'), Buffer.alloc(200)], [400]],
  ['HTTP/0.9', ['GET /\r\n'], [400]],
  ['HTTP/1.0', [head('GET /v1/me HTTP/1.0', KEY)], [200]],
  [
    'HTTP/1.0 with chunks',
    [head('POST /v1/platforms HTTP/1.0', KEY, 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    [400],
  ],
  ['HTTP/2 without having agreed on it', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], [400]],
  ['HTTP/9.9', [head('GET / HTTP/9.9', 'Host: hub')], [400]],
  // The hub looks at no host: its own address is a setting.
  ['two hosts', [get('/v1/me', 'Host: other')], [200]],
  ['an unknown method', [head('BREW /v1/me HTTP/1.1', 'Host: hub')], [400]],
  ['TRACE', [head('TRACE /v1/me HTTP/1.1', 'Host: hub', 'Connection: close')], [405]],
  ['CONNECT', [head('CONNECT evil.example:443 HTTP/1.1', 'Host: evil.example:443')], []],
  ['an absolute address', [get('http://evil.example/v1/me')], [200]],
  ['OPTIONS for everything', [head('OPTIONS * HTTP/1.1', 'Host: hub', 'Connection: close')], [404]],
  ['a target without a slash', [get('v1/me')], [400]],
  ['a blank in the target', [get('/v1/me x')], [400]],
  ['half an escape', [get('/v1/platforms/%')], [400]],
  ['an escape that is none', [get('/v1/platforms/%zz')], [400]],
  ['an overlong escape', [get('/v1/platforms/%c0%af%c0%ae')], [400]],
  ['invalid UTF-8 in an escape', [get('/v1/platforms/%ff%fe')], [400]],
  ['NUL in an escape', [get('/v1/platforms/%00')], [400]],
  ['line breaks in an escape', [get('/v1/platforms/a%0d%0aSet-Cookie:%20x=y')], [400]],
  ['bytes that are no ASCII', [Buffer.from(get('/v1/platforms/\u00ff\u00fe'), 'latin1')], [400]],
  ['steps up', [get('/v1/../v1/platforms/..%2f..%2fetc')], [404]],
  ['doubled slashes', [get('//v1//me')], [404]],
  ['a query without sense', [get('/v1/platforms?%&=&&limit=%zz&limit=1;x')], [400]],
  ['a thousand parameters', [get(`/v1/platforms?${'limit=1&'.repeat(1000)}`)], [400]],
  ['an endless target', [get(`/v1/${'a'.repeat(20_000)}`)], [431]],
  ['a header without a colon', [get('/v1/me', 'nonsense')], [400]],
  ['a blank before the colon', [get('/v1/me', 'X-A : b')], [400]],
  ['a header with a NUL', [get('/v1/me', 'X-A: a\u0000b')], [400]],
  ['a folded header', [get('/v1/me', 'X-A: a', ' folded')], [400]],
  ['a bare carriage return', [get('/v1/me', 'X-A: a\rX-B: b')], [400]],
  ['bare line feeds', [`GET /v1/me HTTP/1.1\nHost: hub\n${KEY}\n\n`], [400]],
  ['three thousand headers', [get('/v1/me', ...Array.from({ length: 3000 }, (_, at) => `X-${at}: ${at}`))], [431]],
  ['headers without end', [get('/v1/me', `X-A: ${'a'.repeat(20_000)}`)], [431]],
  ['two keys', [get('/v1/me', 'Authorization: Bearer other')], [200]],
  [
    'a key that is no ASCII',
    [
      Buffer.from(
        head('GET /v1/me HTTP/1.1', 'Host: hub', 'Connection: close', 'Authorization: Bearer \u00ff\u00fe'),
        'latin1',
      ),
    ],
    [401],
  ],
  ['an upgrade', [get('/v1/me', 'Connection: Upgrade', 'Upgrade: websocket')], [200]],
  ['a length that is no number', [post('Content-Length: ten') + '{}'], [400]],
  ['a negative length', [post('Content-Length: -1') + '{}'], [400]],
  ['a length beyond all numbers', [post(`Content-Length: ${'9'.repeat(40)}`) + '{}'], [400]],
  ['a length beyond all bodies', [post('Content-Length: 9007199254740993') + '{}'], [413]],
  ['two lengths', [post('Content-Length: 2', 'Content-Length: 3') + '{}'], [400]],
  ['a length and chunks', [post('Content-Length: 2', 'Transfer-Encoding: chunked') + '2\r\n{}\r\n0\r\n\r\n'], [400]],
  [
    'an unknown coding',
    [post('Transfer-Encoding: gzip, chunked', 'Connection: close') + '2\r\n{}\r\n0\r\n\r\n'],
    [400],
  ],
  ['a coding that is spelled wrong', [post('Transfer-Encoding: xchunked') + '2\r\n{}\r\n0\r\n\r\n'], [400]],
  ['a chunk whose length is no number', [post('Transfer-Encoding: chunked') + 'zz\r\n{}\r\n0\r\n\r\n'], [400]],
  ['a chunk beyond all numbers', [post('Transfer-Encoding: chunked') + `${'f'.repeat(40)}\r\n{}`], [400]],
  ['a chunk longer than it says', [post('Transfer-Encoding: chunked') + '1\r\n{}}}\r\n0\r\n\r\n'], [400]],
  [
    'a chunk with an endless extension',
    [post('Transfer-Encoding: chunked') + `2;${'x'.repeat(200_000)}\r\n{}\r\n0\r\n\r\n`],
    [413],
  ],
  [
    'trailers without end',
    [post('Transfer-Encoding: chunked') + `2\r\n{}\r\n0\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`],
    [431],
  ],
  ['a body that stops in the middle', [post('Content-Length: 100') + '{"name":'], [400]],
  ['chunks that stop in the middle', [post('Transfer-Encoding: chunked') + '5\r\n{"na'], [400]],
  ['a body of one byte at a time', [post('Content-Length: 12', 'Connection: close'), ...'{"name":"x"}'], [400]],
  [
    'a body that is no UTF-8',
    [post('Content-Length: 14', 'Connection: close'), Buffer.from('{"name":"\xff\xfe"}  ', 'latin1').subarray(0, 14)],
    [400],
  ],
  ['a body in UTF-16', [post('Content-Length: 6', 'Connection: close'), Buffer.from('\ufeff{}', 'utf16le')], [400]],
];

describe('a client that does not keep to HTTP', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
  }, 60_000);
  afterAll(() => world.stop());
  afterEach(async () => {
    expect((await world.call('GET', '/v1/me')).status).toBe(200);
    expect(world.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    expect(await world.db.query('SELECT 1 FROM custody.component_account')).toEqual([]);
  });

  it.each(REQUESTS)('is refused or understood: %s', async (_, pieces, statuses) => {
    const answer = await sendRaw(world.hub.url, pieces);
    expect(answer).toMatchObject({ statuses });
    if ((statuses[0] ?? 0) < 400) return;
    expect(answer.text).toMatch(/content-type: application\/problem\+json/i);
    expect(answer.text).toMatch(/x-content-type-options: nosniff/i);
    expect(answer.text).not.toMatch(/node_modules|HPE_|\.ts:\d|llhttp|evil\.example|set-cookie/i);
  });

  it.each([
    ['no host', head('GET /v1/me HTTP/1.1', KEY), 400],
    ['an expectation nobody has heard of', get('/v1/me', 'Expect: miracles'), 417],
  ])('is refused by the server itself, without a word: %s', async (_, bytes, status) => {
    const { text, statuses } = await sendRaw(world.hub.url, [bytes]);
    // At most the end of the chunks of nothing.
    expect([statuses, text.split('\r\n\r\n')[1]]).toEqual([[status], expect.stringMatching(/^0?$/)]);
  });

  it('is answered in the order of its requests', async () => {
    const first = head('GET /v1/me HTTP/1.1', 'Host: hub', KEY);
    const second = head('GET /v1/nothing HTTP/1.1', 'Host: hub', KEY);
    const many = [first, second, post('Content-Length: 2') + '{}', first, get('/health/live')];
    expect((await sendRaw(world.hub.url, [many.join('')])).statuses).toEqual([200, 404, 400, 200, 200]);
    // What is wrong with a later one is not told in the place of an earlier one.
    for (const garbage of ['no HTTP\r\n\r\n', head('GET / HTTP/1.1', 'Host: hub', 'nonsense')]) {
      expect([[], [200]]).toContainEqual((await sendRaw(world.hub.url, [first + garbage])).statuses);
    }
  });

  it('smuggles no request in the body of another one', async () => {
    const hidden = get('/v1/me');
    const refused = [
      // Without a key the body is not read at all.
      head('POST /v1/platforms HTTP/1.1', 'Host: hub', `Content-Length: ${hidden.length}`) + hidden,
      post(`Content-Length: ${hidden.length}`) + hidden,
      post('Transfer-Encoding: chunked') + `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
      head('GET /v1/nothing HTTP/1.1', 'Host: hub', KEY, `Content-Length: ${hidden.length}`) + hidden,
      post(`Content-Length: ${hidden.length * 3000}`) + hidden.repeat(3000),
    ];
    for (const [at, bytes] of refused.entries()) {
      const { statuses } = await sendRaw(world.hub.url, [bytes]);
      expect([at, statuses]).toEqual([at, [[401], [400], [400], [404], [413]][at]]);
    }
  });

  it('leaves nothing behind when it breaks off in the middle', async () => {
    const beginnings = [
      'POST /v1/plat',
      post('Content-Length: 100') + '{"component_appid":"wx-broken',
      post('Transfer-Encoding: chunked') + 'ff\r\n{"component',
      head('POST /wechat/wx-nobody/events?timestamp=1 HTTP/1.1', 'Host: hub', 'Content-Length: 1000') + '<xml>',
      get('/openapi.json'),
    ];
    const broken = Array.from({ length: 60 }, (_, at) =>
      sendRaw(world.hub.url, [beginnings[at % beginnings.length] as string], 'reset'),
    );
    await Promise.all(broken);
  });
});
