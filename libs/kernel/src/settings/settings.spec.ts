import { describe, expect, it } from '@jest/globals';
import { KeyRing } from '../sealing/sealer.ts';
import { SettingsError, loadSettings } from './settings.ts';

const keys = KeyRing.generate('k1');

describe('loadSettings', () => {
  it('has the defaults of the contract', () => {
    const { settings, secrets } = loadSettings({});
    expect(settings).toMatchObject({
      http: { port: 3000, host: '127.0.0.1', publicUrl: 'http://127.0.0.1:3000' },
      database: { embedded: true, dataDir: './.data', readMaxLagMs: 30_000 },
      wechat: { apiUrl: 'https://api.weixin.qq.com', timeoutMs: 5000, maxConcurrency: 64 },
      snapshotIntervalMs: 86_400_000,
      apiIpIntervalMs: 86_400_000,
      logLevel: 'info',
    });
    expect([...settings.roles].sort()).toEqual(['api', 'worker']);
    expect(secrets).toEqual({ databaseUrl: undefined, masterKeys: undefined, adminApiKey: undefined });
  });

  it('reads what limits callers, and says what is wrong with it', () => {
    const { http } = loadSettings({
      TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1',
      RATE_LIMIT_PER_KEY: '50',
      RETURN_URL_HOSTS: 'Shop.example, .provider.example',
    }).settings;
    expect(http).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
      rateLimitPerKey: 50,
      returnUrlHosts: ['shop.example', '.provider.example'],
    });
    expect(loadSettings({}).settings.http).toMatchObject({
      trustedProxies: [],
      rateLimitPerKey: 5000,
      rateLimitPerPlatform: 20_000,
    });
    expect(loadSettings({ RATE_LIMIT_PER_KEY: '50' }).settings.http.rateLimitPerPlatform).toBe(200);
    expect(loadSettings({ RATE_LIMIT_PER_KEY: '0' }).settings.http.rateLimitPerPlatform).toBe(0);
    expect(loadSettings({ RATE_LIMIT_PER_PLATFORM: '0' }).settings.http.rateLimitPerPlatform).toBe(0);
    for (const [name, value] of [
      ['TRUSTED_PROXIES', 'everybody'],
      ['TRUSTED_PROXIES', '10.0.0.0/33'],
      ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
      ['RATE_LIMIT_PER_KEY', '-1'],
      ['RATE_LIMIT_PER_PLATFORM', 'many'],
      ['RETURN_URL_HOSTS', 'https://shop.example'],
      ['RETURN_URL_HOSTS', '*.example'],
    ] as const) {
      expect(() => loadSettings({ [name]: value })).toThrow(name);
    }
  });

  it('thins no history unless told how, and never by mistake', () => {
    const DAY = 86_400_000;
    expect(loadSettings({}).settings.retention).toBeNull();
    expect(loadSettings({ RETENTION: '' }).settings.retention).toBeNull();
    expect(loadSettings({ RETENTION: 'P400D' }).settings.retention).toEqual({
      keepAllMs: 400 * DAY,
      thinToMs: 30 * DAY,
    });
    expect(loadSettings({ RETENTION: 'P8W', RETENTION_THIN_TO: 'P1D' }).settings.retention).toEqual({
      keepAllMs: 56 * DAY,
      thinToMs: DAY,
    });
    for (const [name, value] of [
      ['RETENTION', '400'],
      ['RETENTION', 'P1Y'],
      ['RETENTION', 'P29D'],
      ['RETENTION_THIN_TO', 'PT1H'],
    ] as const) {
      expect(() => loadSettings({ [name]: value })).toThrow(new RegExp(`^${name} must be`));
    }
  });

  it('reads every variable', () => {
    const { settings, secrets } = loadSettings({
      PORT: '0',
      HOST: '::1',
      DATABASE_URL: 'postgres://u:p@h/d',
      READ_DATABASE_URL: 'postgres://u:p@replica/d',
      READ_DATABASE_MAX_LAG: 'PT2M',
      DATA_DIR: '/d',
      WECHAT_API_URL: 'http://127.0.0.1:9/',
      WECHAT_TIMEOUT_MS: '100',
      WECHAT_MAX_CONCURRENCY: '7',
      MASTER_KEYS: keys,
      ADMIN_API_KEY: 'x'.repeat(20),
      PUBLIC_URL: 'https://hub.example/base/',
      ROLES: 'worker',
      SNAPSHOT_INTERVAL: 'PT1H30M',
      API_IP_INTERVAL: 'P1D',
      LOG_LEVEL: 'debug',
    });
    expect(settings).toMatchObject({
      http: { port: 0, host: '::1', publicUrl: 'https://hub.example/base' },
      database: { embedded: false, readMaxLagMs: 120_000 },
      wechat: { apiUrl: 'http://127.0.0.1:9', timeoutMs: 100, maxConcurrency: 7 },
      snapshotIntervalMs: 5_400_000,
      logLevel: 'debug',
    });
    expect([...settings.roles]).toEqual(['worker']);
    expect(secrets.databaseUrl?.reveal()).toBe('postgres://u:p@h/d');
    expect(secrets.readDatabaseUrl?.reveal()).toBe('postgres://u:p@replica/d');
    expect(secrets.masterKeys?.encryptId).toBe('k1');
  });

  const wrong: [string, string, string][] = [
    ['PORT', '70000', '1'],
    ['PORT', 'http', '2'],
    ['HOST', 'a b', '1'],
    ['DATABASE_URL', 'mysql://x/y', '1'],
    ['WECHAT_API_URL', 'api.weixin.qq.com', '1'],
    ['WECHAT_API_URL', 'ftp://x', '2'],
    ['WECHAT_TIMEOUT_MS', '0', '1'],
    ['WECHAT_TIMEOUT_MS', '-5', '2'],
    ['WECHAT_MAX_CONCURRENCY', '1.5', '1'],
    ['MASTER_KEYS', 'k1:c2hvcnQ=', '1'],
    ['ADMIN_API_KEY', 'short', '1'],
    ['PUBLIC_URL', 'hub.example', '1'],
    ['ROLES', 'api,cook', '1'],
    ['SNAPSHOT_INTERVAL', '24h', '1'],
    ['SNAPSHOT_INTERVAL', 'P1M', '2'],
    ['API_IP_INTERVAL', 'PT0S', '1'],
    ['READ_DATABASE_URL', 'mysql://x/y', '1'],
    ['READ_DATABASE_URL', 'postgres://u:p@replica/d', 'without a primary'],
    ['READ_DATABASE_MAX_LAG', 'PT0.5S', '1'],
    ['LOG_LEVEL', 'loud', '1'],
  ];
  it.each(wrong)('stops with one line naming %s when it is %j', (variable, value) => {
    let caught: unknown;
    try {
      loadSettings({ [variable]: value });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(SettingsError);
    const { message } = caught as SettingsError;
    expect(message.startsWith(`${variable} `)).toBe(true);
    expect(message).not.toContain('\n');
    if (variable === 'MASTER_KEYS') expect(message).not.toContain('c2hvcnQ');
  });

  it('refuses a database without master keys', () => {
    expect(() => loadSettings({ DATABASE_URL: 'postgres://u:p@h/d' })).toThrow(/^MASTER_KEYS must be set/);
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadSettings({ PORT: '', DATABASE_URL: '' }).settings.http.port).toBe(3000);
  });
});
