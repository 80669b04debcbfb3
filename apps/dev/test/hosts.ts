import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './processes.ts';

const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8', stdio: 'pipe' });
const PREFIX = 'wxfleet-';

/** Why this machine has no network namespaces for us; null: it has. */
export function missingNamespaces(): string | null {
  if (process.getuid?.() !== 0) return 'needs root';
  const probe = `${PREFIX}${process.pid}-probe`;
  try {
    ip('netns', 'add', probe);
    ip('-n', probe, 'link', 'add', 'switch', 'type', 'bridge');
    ip('-n', probe, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two');
    return null;
  } catch (error) {
    return `no network namespaces here (${String((error as Error).message)
      .trim()
      .split('\n')
      .at(-1)})`;
  } finally {
    try {
      ip('netns', 'del', probe);
    } catch {
      // It was not made.
    }
  }
}

/** Namespaces of a process that was killed. */
function removeForgotten(): void {
  const names = /^wxfleet-(\d+)-/;
  for (const name of readdirSync('/run/netns')) {
    const pid = names.exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch {
      removeNamespace(name);
    }
  }
}

function removeNamespace(name: string): void {
  for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  ip('netns', 'del', name);
}

interface Relay {
  from: string | { host: string; port: number };
  to: string | { host: string; port: number };
}

/**
 * Hosts on a network of their own: each is a network namespace with one address behind a switch. The switch is a namespace as
 * well; what it relays is reached from this process by sockets in a folder, so nothing of it is on the machine's own network.
 */
export class Hosts {
  private readonly programs: Program[] = [];
  private readonly servers: Server[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'wxfleet-hosts-'));

  private constructor(private readonly names: readonly string[]) {}

  /** @param names of the hosts; the first has 10.77.0.2, and the switch 10.77.0.1 */
  static start(names: readonly string[]): Hosts {
    removeForgotten();
    const hosts = new Hosts(names);
    chmodSync(hosts.folder, 0o755);
    try {
      hosts.connectAll();
      return hosts;
    } catch (error) {
      hosts.removeAll();
      throw error;
    }
  }

  address(name: string): string {
    return `10.77.0.${this.names.indexOf(name) + 2}`;
  }

  static readonly switchAddress = '10.77.0.1';

  private space(name: string): string {
    return `${PREFIX}${process.pid}-${name}`;
  }

  private connectAll(): void {
    const center = this.space('switch');
    ip('netns', 'add', center);
    ip('-n', center, 'link', 'set', 'lo', 'up');
    ip('-n', center, 'link', 'add', 'switch', 'type', 'bridge');
    ip('-n', center, 'addr', 'add', `${Hosts.switchAddress}/24`, 'dev', 'switch');
    ip('-n', center, 'link', 'set', 'switch', 'up');
    for (const name of this.names) {
      const space = this.space(name);
      ip('netns', 'add', space);
      ip('-n', space, 'link', 'set', 'lo', 'up');
      ip('-n', center, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      ip('-n', center, 'link', 'set', name, 'master', 'switch');
      ip('-n', center, 'link', 'set', name, 'up');
      ip('-n', space, 'addr', 'add', `${this.address(name)}/24`, 'dev', 'eth0');
      ip('-n', space, 'link', 'set', 'eth0', 'up');
    }
  }

  /** A program of Node.js on a host. It is told to end by its standard input. */
  run(host: string, file: string, args: string[] = [], env: Record<string, string> = {}): Program {
    const program = Program.spawned(
      spawn('nsenter', [`--net=/run/netns/${this.space(host)}`, process.execPath, file, ...args], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
    this.programs.push(program);
    return program;
  }

  async relay(host: string, relays: Relay[]): Promise<void> {
    await this.run(host, join(import.meta.dirname, 'host-relay.mjs'), [JSON.stringify(relays)]).says(/ready/);
  }

  /** An address on 127.0.0.1 that leads to `host:port` by way of the switch. */
  async reach(host: string, port: number): Promise<string> {
    const socket = join(this.folder, `${host}-${port}`);
    await this.relay('switch', [{ from: socket, to: { host: this.address(host), port } }]);
    const server = await this.pass({ host: '127.0.0.1', port: 0 }, socket);
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Lets the hosts reach a port of this process at `switchAddress:port`. */
  async offer(port: number, local: number): Promise<void> {
    const socket = join(this.folder, `offer-${port}`);
    await this.pass(socket, { host: '127.0.0.1', port: local });
    await this.relay('switch', [{ from: { host: Hosts.switchAddress, port }, to: socket }]);
  }

  private async pass(from: Relay['from'], to: Relay['to']): Promise<Server> {
    const server = createServer((incoming) => {
      const outgoing = typeof to === 'string' ? connect(to) : connect(to);
      incoming.pipe(outgoing).pipe(incoming);
      incoming.on('error', () => outgoing.destroy()).on('close', () => outgoing.destroy());
      outgoing.on('error', () => incoming.destroy()).on('close', () => incoming.destroy());
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(from, resolve));
    return server;
  }

  /** Takes the cable of a host out, or puts it back. */
  link(host: string, state: 'up' | 'down'): void {
    ip('-n', this.space('switch'), 'link', 'set', host, state);
  }

  async stop(): Promise<void> {
    for (const program of this.programs.reverse()) {
      program.child.stdin?.end();
      // A hub does not listen to its input.
      if (program.child.spawnargs.includes('dist/apps/hub/src/main.js')) program.child.kill('SIGKILL');
      await program.ends().catch(() => undefined);
    }
    for (const server of this.servers) server.close();
    this.removeAll();
  }

  private removeAll(): void {
    for (const name of [...this.names, 'switch']) {
      try {
        removeNamespace(this.space(name));
      } catch {
        // It was not made.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
