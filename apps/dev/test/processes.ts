import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { KeyRing } from '#libs/kernel';
import { cloneDatabase, eventually, type TestDatabase } from '#libs/testing';
import { WechatSimulator } from '../../simulator/src/simulator.ts';
import { Rest } from '../src/rest.ts';

/** A compiled program in a process of its own, as in production. */
export class Program {
  output = '';
  exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;

  private constructor(readonly child: ChildProcess) {
    const keep = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('exit', (code, signal) => (this.exit = { code, signal }));
  }

  static start(file: string, env: Record<string, string>, args: string[] = []): Program {
    return new Program(
      spawn(process.execPath, [file, ...args], {
        env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  static spawned(child: ChildProcess): Program {
    return new Program(child);
  }

  async says(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    return eventually(
      `${String(pattern)} in the output`,
      () => {
        const match = pattern.exec(this.output);
        if (!match && this.exit)
          throw new Error(`ended with ${JSON.stringify(this.exit)}:\n${this.output.slice(-3000)}`);
        return match;
      },
      timeoutMs,
    );
  }

  async ends(signal?: NodeJS.Signals, timeoutMs = 60_000): Promise<number | null> {
    if (signal) this.child.kill(signal);
    await eventually('the end of the process', () => this.exit, timeoutMs);
    return this.exit?.code ?? null;
  }
}

export const HUB = 'dist/apps/hub/src/main.js';
export const COMPONENT = 'wxfedcba0987654321';

/** WeChat in this process; a database; hubs in processes of their own that can be killed. */
export class ProcessWorld {
  readonly hubs: Program[] = [];
  readonly adminKey = `process_admin_${randomBytes(12).toString('hex')}`;
  readonly masterKeys = KeyRing.generate('p1');

  private constructor(
    readonly database: Pick<TestDatabase, 'url' | 'db' | 'drop'>,
    readonly simulator: WechatSimulator,
  ) {}

  /** @param database by default a clone on the run's server, which must not be stopped */
  static async start(database?: ProcessWorld['database']): Promise<ProcessWorld> {
    return new ProcessWorld(
      database ?? (await cloneDatabase()),
      await WechatSimulator.start({ ticketIntervalSeconds: 600 }),
    );
  }

  /** A hub process that serves and works, ready. */
  async hub(env: Record<string, string> = {}, file = HUB): Promise<{ program: Program; url: string; rest: Rest }> {
    const program = Program.start(file, {
      PORT: '0',
      DATABASE_URL: this.database.url,
      MASTER_KEYS: this.masterKeys,
      ADMIN_API_KEY: this.adminKey,
      WECHAT_API_URL: this.simulator.url,
      ...env,
    });
    this.hubs.push(program);
    const url = (await program.says(/"event":"hub\.started"[^\n]*?"url":"([^"]+)"/))[1] as string;
    return { program, url, rest: new Rest(url, this.adminKey) };
  }

  /** The platform as both sides know it; pushes go to `hubUrl` from now on. */
  async platform(hubUrl: string, rest: Rest): Promise<void> {
    const secrets = {
      componentAppsecret: 'a'.repeat(32),
      token: 'processtoken',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    };
    await rest.post('/v1/platforms', {
      component_appid: COMPONENT,
      component_appsecret: secrets.componentAppsecret,
      token: secrets.token,
      encoding_aes_key: secrets.encodingAesKey,
      name: 'Processes',
    });
    this.pointWechatAt(hubUrl, secrets);
    await this.simulator.world.pushTicket(COMPONENT);
  }

  pointWechatAt(
    hubUrl: string,
    secrets = {
      componentAppsecret: 'a'.repeat(32),
      token: 'processtoken',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    },
  ): void {
    this.simulator.world.addPlatform({
      componentAppid: COMPONENT,
      ...secrets,
      eventsUrl: `${hubUrl}/wechat/${COMPONENT}/events`,
      messagesUrl: `${hubUrl}/wechat/${COMPONENT}/messages/$APPID$`,
      pushTickets: false,
    });
  }

  async stop(): Promise<void> {
    for (const hub of this.hubs) if (!hub.exit) await hub.ends('SIGKILL').catch(() => undefined);
    await this.simulator.stop();
    await this.database.drop();
  }
}
