import type { AddressInfo } from 'node:net';
import { Provider } from './provider.ts';
import { startServer } from './server.ts';

/** @throws when the variable is not set */
function setting(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value === undefined) throw new Error(`set ${name} (see the README beside this program)`);
  return value;
}

const provider = new Provider({
  wxfleetUrl: setting('WXFLEET_URL'),
  apiKey: setting('WXFLEET_API_KEY'),
  componentAppid: setting('COMPONENT_APPID'),
  wechatUrl: setting('WECHAT_API_URL', 'https://api.weixin.qq.com'),
});
const server = await startServer(provider, Number(setting('PORT', '3100')), process.env['WEBHOOK_SECRET']);
console.log(`example backend: http://127.0.0.1:${(server.address() as AddressInfo).port}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
