import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiIpKind, ApiIpView, TerraformRules } from '#libs/contract';
import { ipListFormats, type FormatContext } from './ip-formats.ts';

// Not by import: its types bring those of browsers, for the whole program.
const require = createRequire(import.meta.url);
const { parse } = require('@cdktf/hcl2json') as {
  parse: (name: string, text: string) => Promise<Record<string, unknown>>;
};

const KINDS: ApiIpKind[] = ['api-domain', 'callback'];
const LISTS: Record<string, string[]> = {
  both: ['101.89.47.18', '101.226.103.0/25', '101.226.103.0/24', '2402:4e00::1', '2402:4e00:10::/48'],
  'IPv4 only': ['101.89.47.18'],
  'IPv6 only': ['2402:4e00::1'],
  none: [],
  everything: ['0.0.0.0/0', '::/0'],
};
const CONTEXT: FormatContext = {
  source: 'https://hub.example.com/v1/wechat-ips/callback',
  since: '2026-01-31T08:00:00.000Z',
  rules: 'none',
};
const CASES = KINDS.flatMap((kind) => Object.keys(LISTS).map((name) => [kind, name] as const));

function viewOf(kind: ApiIpKind, list: string): ApiIpView {
  return {
    kind,
    observed_at: '2026-01-31T08:00:00.000Z',
    stale: list === 'none',
    incomplete: list === 'none',
    sync_token: 'a1b2',
    ip_list: LISTS[list] as string[],
    held: null,
  };
}

/** Null when the tool works here, else why it cannot be used. */
function missing(tool: string, trial: string[], input?: string): string | null {
  const tried = spawnSync(tool, trial, { input, encoding: 'utf8' });
  if (tried.error) return `${tool} is not installed`;
  return tried.status === 0 ? null : `${tool} cannot be used here: ${tried.stderr.trim().split('\n')[0]}`;
}

/** Runs the tests, or shows them as skipped with the reason. */
function withTool(tool: string, reason: string | null, tests: () => void): void {
  if (reason === null) describe(tool, tests);
  else describe.skip(`${tool} (skipped: ${reason})`, tests);
}

const run = (tool: string, args: string[], input: string) => execFileSync(tool, args, { input, encoding: 'utf8' });

describe('files that the tools themselves read', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wxfleet-formats-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  withTool('nft', missing('nft', ['-c', '-f', '-'], 'add table inet wxfleet_trial\n'), () => {
    it.each(CASES)('nft -c takes the %s list with %s', (kind, list) => {
      run('nft', ['-c', '-f', '-'], ipListFormats.nftables.render(viewOf(kind, list), CONTEXT));
    });

    it('nft refuses a file with a broken entry, so the check checks', () => {
      const file = ipListFormats.nftables.render(viewOf('callback', 'both'), CONTEXT);
      expect(() => run('nft', ['-c', '-f', '-'], file.replace('101.89.47.18', '101.89.47.999'))).toThrow();
    });
  });

  withTool('ipset', missing('ipset', ['list', '-n']), () => {
    it.each(CASES)('ipset restore takes the %s list with %s, twice', (kind, list) => {
      // Sets of this spec only, whatever the machine has.
      const names = ['v4', 'v6'].map((family) => [`wechat-${kind}-${family}`, `wxf-${process.pid}-${family}`] as const);
      let file = ipListFormats.ipset.render(viewOf(kind, list), CONTEXT);
      for (const [name, own] of names) file = file.replaceAll(name, own);
      try {
        run('ipset', ['restore'], file);
        run('ipset', ['restore'], file);
        const members = names.flatMap(([, own]) => membersOf(run('ipset', ['list', own], '')));
        const halves = ['0.0.0.0/1', '128.0.0.0/1', '8000::/1', '::/1'];
        expect(members.sort()).toEqual(list === 'everything' ? halves : [...(LISTS[list] as string[])].sort());
      } finally {
        for (const [, own] of names) spawnSync('ipset', ['destroy', own]);
      }
    });
  });

  for (const [tool, only] of [
    ['iptables-restore', ['both', 'IPv4 only', 'none', 'everything']],
    ['ip6tables-restore', ['IPv6 only']],
  ] as const) {
    withTool(tool, missing(tool, ['--test', '--noflush'], '*filter\nCOMMIT\n'), () => {
      it.each(KINDS.flatMap((kind) => only.map((list) => [kind, list] as const)))(
        `${tool} --test takes the %s list with %s`,
        (kind, list) => {
          run(tool, ['--test', '--noflush'], ipListFormats.iptables.render(viewOf(kind, list), CONTEXT));
        },
      );
    });
  }

  withTool('nginx', missing('nginx', ['-v']), () => {
    it.each(CASES)('nginx -t takes the %s list with %s', (kind, list) => {
      const included = join(folder, 'allow.conf');
      writeFileSync(included, ipListFormats.nginx.render(viewOf(kind, list), CONTEXT));
      const config = join(folder, 'nginx.conf');
      writeFileSync(
        config,
        `pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
         http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
           uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
           server { listen 127.0.0.1:18999; location / { include ${included}; deny all; return 204; } } }`,
      );
      run('nginx', ['-t', '-q', '-c', config, '-p', folder], '');
    });
  });

  describe('terraform, by the parser of HCL', () => {
    it.each(CASES)('holds the %s list with %s as networks', async (kind, list) => {
      const parsed = await parse('wechat.tf', ipListFormats.terraform.render(viewOf(kind, list), CONTEXT));
      const [locals] = parsed['locals'] as [Record<string, string[]>];
      const name = `wechat_${kind.replace('-', '_')}`;
      expect(parsed['resource']).toBeUndefined();
      expect([...locals[`${name}_ipv4`]!, ...locals[`${name}_ipv6`]!]).toEqual(
        (LISTS[list] as string[]).map((entry) =>
          entry.includes('/') ? entry : `${entry}/${entry.includes(':') ? 128 : 32}`,
        ),
      );
    });

    it.each(
      KINDS.flatMap((kind) =>
        (['aws', 'alicloud', 'tencentcloud'] as TerraformRules[]).map((rules) => [kind, rules] as const),
      ),
    )('has rules for the %s list at %s that use the lists', async (kind, rules) => {
      const file = ipListFormats.terraform.render(viewOf(kind, 'both'), { ...CONTEXT, rules });
      const parsed = await parse('wechat.tf', file);
      const resources = Object.entries(parsed['resource'] as Record<string, Record<string, unknown[]>>);
      expect(resources.every(([type]) => type.startsWith(rules === 'aws' ? 'aws_vpc_' : rules))).toBe(true);
      const name = `wechat_${kind.replace('-', '_')}`;
      const text = JSON.stringify(resources);
      for (const family of ['ipv4', 'ipv6']) expect(text).toContain(`local.${name}_${family}`);
      expect(text).toContain(kind === 'callback' ? 'ingress' : 'egress');
      expect(Object.keys(parsed['variable'] as object).sort()).toEqual(
        [`${name}_security_group_id`, `${name}_port`].sort(),
      );
    });

    it('refuses a file that is cut off, so the check checks', async () => {
      const file = ipListFormats.terraform.render(viewOf('callback', 'both'), CONTEXT);
      await expect(parse('wechat.tf', file.slice(0, -4))).rejects.toThrow();
    });
  });

  it('say where they come from, since when, and what is wrong with them', () => {
    for (const format of ['nftables', 'ipset', 'iptables', 'nginx', 'terraform'] as const) {
      const good = ipListFormats[format].render(viewOf('callback', 'both'), CONTEXT);
      expect(good).toContain(`# From ${CONTEXT.source}, list a1b2, seen since ${CONTEXT.since}.\n`);
      expect(good).not.toMatch(/STALE|INCOMPLETE/);
      const bad = ipListFormats[format].render(viewOf('callback', 'none'), CONTEXT);
      expect(bad).toContain('# STALE: last seen 2026-01-31T08:00:00.000Z.\n');
      expect(bad).toContain('# INCOMPLETE: ');
    }
  });
});

function membersOf(listed: string): string[] {
  return listed
    .slice(listed.indexOf('Members:\n') + 'Members:\n'.length)
    .split('\n')
    .filter((line) => line !== '');
}
