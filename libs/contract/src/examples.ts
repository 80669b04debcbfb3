type Json = Record<string, unknown>;

const AT = '2026-03-01T08:00:00.000Z';

/** Values by the name of a field, where its schema alone would give none that a reader learns from. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  component_appid: 'wx0a1b2c3d4e5f6071',
  authorizer_appid: 'wxa1b2c3d4e5f60718',
  merchant_id: 'shop-42',
  merchant_ids: ['shop-42'],
  id: 'x1y2z3',
  name: 'Example',
  username: 'lin.mei',
  password: 'a long pass phrase',
  nickname: '示例小程序',
  nick_name: '示例小程序',
  principal_name: '深圳市示例科技有限公司',
  cursor: null,
  next_cursor: null,
  domain: 'https://api.example.com',
  url: 'https://backend.example.com/wxfleet/hook',
  return_url: 'https://backend.example.com/authorized',
  key: 'wxf_example',
  component_appsecret: 'example0example1example2example3',
  token: 'example-token',
  encoding_aes_key: 'ExampleExampleExampleExampleExampleExample1',
  access_token: '80_example',
  expires_in: 'P7D',
  permission_set_ids: [17, 18],
  permission_sets: [17, 18],
  ip_list: ['203.0.113.7', '198.51.100.0/24'],
  address: '203.0.113.7',
  networks: ['203.0.113.0/24'],
  event_types: ['domains.changed'],
  confirm: 'wx0a1b2c3d4e5f6071',
  retry_after_seconds: 60,
  events_url: 'https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/events',
  messages_url: 'https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/messages/$APPID$',
  redirect_url: 'https://wx.example.com/wechat/wx0a1b2c3d4e5f6071/authorized',
  path: '/wxa/get_effective_domain',
  keep_all: 'P400D',
  thin_to: 'P30D',
  start: 'now',
  after: '120',
  until: '240',
  last_event_id: '240',
  types: ['domains.changed'],
};

/** Optional ones that exclude others. */
const OMITTED: ReadonlySet<string> = new Set(['authorizer_appids']);

/**
 * An example of a JSON schema of the document, made from its types, formats, enumerations and the names of its fields: the same
 * for the same schema.
 * @param defs the components that it refers to
 */
export function exampleOf(schema: Json, defs: Readonly<Record<string, Json>>, name = ''): unknown {
  return build(schema, defs, name, 0);
}

function build(schema: Json, defs: Readonly<Record<string, Json>>, name: string, depth: number): unknown {
  if (typeof schema['$ref'] === 'string') {
    const target = defs[schema['$ref'].slice('#/components/schemas/'.length)];
    return target ? build(target, defs, name, depth + 1) : null;
  }
  if ('default' in schema) return schema['default'];
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const variants = (schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf']) as Json[] | undefined;
  if (variants) {
    const some = variants.find((variant) => variant['type'] !== 'null') ?? {};
    // A member that is mostly null stays so; and a tree of schemas ends.
    return name in BY_NAME && BY_NAME[name] === null ? null : build(some, defs, name, depth);
  }
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, defs, depth);
    case 'array':
      return Array.isArray(BY_NAME[name])
        ? BY_NAME[name]
        : depth > 8
          ? []
          : [build((schema['items'] ?? {}) as Json, defs, singular(name), depth + 1)];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return numberOf(schema, name);
    case 'string':
      return textOf(schema, name);
    default:
      return null;
  }
}

function objectOf(schema: Json, defs: Readonly<Record<string, Json>>, depth: number): Json {
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([member]) => !OMITTED.has(member) || (schema['required'] as string[] | undefined)?.includes(member))
      .map(([member, of]) => [member, build(of, defs, member, depth + 1)]),
  );
}

function numberOf(schema: Json, name: string): number {
  const known = BY_NAME[name];
  const least = typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
  if (typeof known === 'number') return Math.max(known, least);
  const most = typeof schema['maximum'] === 'number' ? schema['maximum'] : Number.POSITIVE_INFINITY;
  return Math.min(Math.max(least, 3), most);
}

function textOf(schema: Json, name: string): string {
  if (schema['format'] === 'date-time') return AT;
  if (schema['format'] === 'date') return AT.slice(0, 10);
  const known = BY_NAME[name];
  if (typeof known === 'string') return known;
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0;
  return 'example'.padEnd(least, '-example');
}

function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/s$/, '');
}
