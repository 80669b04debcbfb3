import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HubWorld } from './hub-world.ts';

describe('METRICS_PORT', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start({ METRICS_PORT: '0' });
  });
  afterAll(() => world.stop());

  it('moves the metrics to a listener of their own, which also has the health checks and nothing else', async () => {
    const line = world.lines.find((each) => each.includes('metrics.listening')) as string;
    const { port } = JSON.parse(line) as { port: number };
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    expect(await (await get('/metrics')).text()).toContain('wxfleet_http_request_seconds');
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ok' });
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/v1/platforms')).status).toBe(404);
    expect((await world.call('GET', '/metrics', { key: null })).status).toBe(404);
    expect((await world.call('GET', '/health/ready', { key: null })).status).toBe(200);
  });
});
