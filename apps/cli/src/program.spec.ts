import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { WxfleetError } from '#libs/client';
import { DOMAIN_GROUPS, DOMAIN_LISTS, routeList } from '#libs/contract';
import { REST_COMMANDS } from './commands/rest-commands.ts';
import { completionScript } from './completion.ts';
import { errorAsJson, exitCodeOf } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { keyOf, readProfile } from './profile.ts';
import { buildProgram, versionOf } from './program.ts';

const program = buildProgram({}, 'en');

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)];
}

describe('the commands', () => {
  it('call routes that exist, with parameters that these have, and show columns', () => {
    for (const { name, method, path, options = [], args = {} } of REST_COMMANDS) {
      const route = routeList.find((each) => each.method === method && each.path === path);
      expect({ name, route: route?.path }).toEqual({ name, route: path });
      const query = Object.keys((route?.query as { shape?: object } | undefined)?.shape ?? {});
      const given = options.map(({ to }) => to).filter((to) => !to.startsWith('body.'));
      expect({ name, unknown: given.filter((to) => !query.includes(to)) }).toEqual({ name, unknown: [] });
      const parts = [...path.matchAll(/\{(\w+)\}/g)]
        .map((match) => match[1])
        .filter((part) => part !== 'component_appid');
      expect({ name, parts: Object.keys(args).filter((arg) => !arg.startsWith('body.')) }).toEqual({ name, parts });
    }
  });

  it('offer the choices that their routes take', () => {
    for (const { name, method, path, options = [] } of REST_COMMANDS) {
      const route = routeList.find((each) => each.method === method && each.path === path);
      const query = (route?.query as { shape?: Record<string, { safeParse(value: unknown): { success: boolean } }> })
        .shape;
      for (const { to, choices = [] } of options) {
        const schema = to.startsWith('body.') ? undefined : query?.[to];
        const refused = schema ? choices.filter((choice) => !schema.safeParse(choice).success) : [];
        expect({ name, to, refused }).toEqual({ name, to, refused: [] });
      }
    }
    const choicesOf = (to: string) =>
      REST_COMMANDS.flatMap(({ options = [] }) => options).find((each) => each.to === to)?.choices;
    expect([choicesOf('group'), choicesOf('list')]).toEqual([DOMAIN_GROUPS, DOMAIN_LISTS]);
  });

  it('cover what people do by hand', () => {
    /** What has a command of its own, or is for programs and browsers. */
    const elsewhere = new Set([
      ...['createPlatform', 'listPlatforms', 'removePlatform', 'getPlatformRemoval', 'eraseAuthorizer'],
      ...['createAuthorizationLink', 'listAuthorizationLinks', 'revokeAuthorizationLink'],
      ...['createApiKey', 'listApiKeys', 'revokeApiKey', 'rotateApiKey', 'listAuditEvents', 'checkAuditChain'],
      ...['listAuthorizers', 'startReconciliation', 'getReconciliation', 'startSweep', 'getDomainsAt', 'getWechatIps'],
      ...['createUser', 'listUsers', 'updateUser', 'getQuota', 'setQuotaBudget', 'resetQuota', 'getMerchantCalls'],
      ...['listPushes', 'getPushBacklog', 'replayPush', 'startRetention', 'getRetention', 'getMasterKeys'],
      ...['startMasterKeyRotation', 'getMasterKeyRotation', 'createWebhookEndpoint', 'listWebhookEndpoints'],
      ...['rotateWebhookSecret', 'testWebhookEndpoint', 'listDeliveries', 'startReplay', 'getReplay'],
      ...['putRelay', 'deleteRelay', 'listRelays', 'testRelay', 'getChecks', 'runChecks'],
      // A token on a terminal would be in its history; raw bodies and spreads are for programs and the console.
      ...['issueAccessToken', 'getSnapshotRaw', 'getDomainSpread', 'streamEvents'],
      ...['createSession', 'deleteSession', 'createFirstOperator'],
    ]);
    const covered = (route: (typeof routeList)[number]) =>
      REST_COMMANDS.some(({ method, path }) => method === route.method && path === route.path);
    const missing = routeList.filter(
      (route) => route.path.startsWith('/v1/') && !covered(route) && !elsewhere.has(route.id),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('are explained in English and in Chinese, and no word of one language is left in the other', () => {
    const chinese = buildProgram({}, 'zh');
    const texts = (command: Command) => [
      command.description(),
      ...command.options.map(({ description }) => description),
      ...command.registeredArguments.map(({ description }) => description),
    ];
    const untranslated = all(chinese)
      .flatMap(texts)
      .filter((text) => text !== '' && !/[\u4e00-\u9fff]/.test(text))
      // Words that are the same in both.
      .filter((text) => !/^[\w, ]+$/.test(text) || /\b(the|of|this|a)\b/.test(text));
    expect(untranslated).toEqual([]);
    expect(chinese.helpInformation()).toMatch(/^用法：/);
    expect(
      all(program)
        .flatMap(texts)
        .filter((text) => /[\u4e00-\u9fff]/.test(text)),
    ).toEqual([]);
    for (const command of all(program).slice(1)) expect(command.description()).not.toBe('');
  });

  it('choose the language by option, then by the environment', () => {
    expect(languageOf(['--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).toBe('en');
    expect(languageOf(['--lang=zh', 'me'], {})).toBe('zh');
    expect(languageOf([], { LANG: 'zh_CN.UTF-8' })).toBe('zh');
    expect(languageOf([], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en');
  });

  it('have the version of the package', () => {
    expect(versionOf()).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('completion', () => {
  const complete = (words: string[]) =>
    execFileSync(
      'bash',
      [
        '--norc',
        '-c',
        `${completionScript(program, 'bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wxfleet_complete; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        ...words,
      ],
      { encoding: 'utf8' },
    )
      .trim()
      .split('\n');

  it('offers commands, commands of a group, and options', () => {
    expect(complete(['wxfleet', 'merch'])).toEqual(['merchants']);
    expect(complete(['wxfleet', 'merchants', ''])).toEqual(expect.arrayContaining(['list', 'add', 'show', 'rename']));
    expect(complete(['wxfleet', '--json', 'webhooks', 're'])).toEqual(
      expect.arrayContaining(['replay', 'remove', 'retry']),
    );
    expect(complete(['wxfleet', 'coverage', '--ver'])).toEqual(expect.arrayContaining(['--verdict']));
    expect(completionScript(program, 'zsh')).toContain('bashcompinit');
  });
});

describe('a profile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxfleet-profile-'));
  const file = join(folder, 'profiles.json');
  const env = { WXFLEET_PROFILES: file };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('names an installation, with the key in a file or behind a program', () => {
    const key = join(folder, 'key');
    writeFileSync(key, 'wxf_from_a_file\n', { mode: 0o600 });
    const open = join(folder, 'open');
    writeFileSync(open, 'wxf_open\n', { mode: 0o644 });
    const profiles = {
      default: { url: 'https://hub.example.com', key_file: key },
      chain: { key_command: [process.execPath, '-e', 'console.log("wxf_from_a_chain")'] },
      open: { key_file: open },
      broken: { key_command: [process.execPath, '-e', 'process.exit(1)'] },
      odd: { key: 'wxf_plain' },
    };
    writeFileSync(file, JSON.stringify(profiles));
    expect(readProfile(env, undefined)).toEqual(profiles.default);
    expect(keyOf(readProfile(env, undefined))).toBe('wxf_from_a_file');
    expect(keyOf(readProfile(env, 'chain'))).toBe('wxf_from_a_chain');
    if (process.platform !== 'win32') expect(() => keyOf(readProfile(env, 'open'))).toThrow('chmod 600');
    expect(() => keyOf(readProfile(env, 'broken'))).toThrow('key_command');
    expect(() => readProfile(env, 'odd')).toThrow('unknown key');
    expect(() => readProfile(env, 'none')).toThrow('no profile none');
    expect(readProfile({ WXFLEET_PROFILES: join(folder, 'absent') }, undefined)).toEqual({});
    writeFileSync(file, '{');
    expect(() => readProfile(env, undefined)).toThrow(file);
  });
});

describe('exit codes', () => {
  it.each([
    [0, 'network', 7],
    [400, 'invalid_request', 2],
    [401, 'unauthenticated', 3],
    [403, 'forbidden', 3],
    [404, 'not_found', 4],
    [410, 'cursor_expired', 4],
    [409, 'reauthorization_required', 5],
    [429, 'rate_limited', 6],
    [503, 'upstream_busy', 6],
    [500, 'internal', 1],
  ])('of %d %s is %d', (status, code, exit) => {
    const error = new WxfleetError(status, { code, detail: 'why', instance: 'urn:1' }, '7');
    expect(exitCodeOf(error)).toBe(exit);
    expect(JSON.parse(errorAsJson(error))).toMatchObject({
      error: { code, status, exit_code: exit, instance: 'urn:1', retry_after: 7 },
    });
  });

  it('of anything else is 1', () => {
    expect(exitCodeOf(new Error('x'))).toBe(1);
    expect(JSON.parse(errorAsJson(new Error('x')))).toEqual({ error: { message: 'x', exit_code: 1 } });
  });
});
