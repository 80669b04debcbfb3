import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of ours in a process of its own, as in production: benchmarks share nothing with what they measure. */
export interface RunningProgram {
  process: ChildProcess;
  url: string;
  /** Peak resident memory so far, in bytes; 0 where the system does not tell. */
  peakRss(): number;
  /** Resident memory now, in bytes; 0 where the system does not tell. */
  rss(): number;
  /** CPU time used so far by the process, user and system, in seconds; 0 where the system does not tell. */
  cpuSeconds(): number;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after 20 s; resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** Compiled file below dist/apps. */
  entry: string;
  args?: string[];
  /** Arguments of Node.js itself. */
  nodeArgs?: string[];
  env?: Record<string, string>;
  port: number;
  /** Answers 200 when the program is ready. */
  readyPath: string;
  logFile: string;
}

/** Folder of the compiled programs, also when this file runs uncompiled in a spec. */
export const DIST = (() => {
  const file = fileURLToPath(import.meta.url);
  const root = dirname(dirname(dirname(dirname(file))));
  return file.endsWith('.ts') ? join(root, 'dist') : root;
})();

export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  const { entry, port } = options;
  const child = spawn(
    process.execPath,
    [...(options.nodeArgs ?? []), join(DIST, 'apps', entry), ...(options.args ?? [])],
    {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log = createWriteStream(options.logFile, { flags: 'a' });
  // The two end one after the other: the log ends with the later one.
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('close', () => log.end());
  let exited: number | string | undefined;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      exited = signal ?? code ?? 0;
      resolve();
    });
    child.once('error', (error) => {
      exited = error.message;
      resolve();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + 60_000;
  while (!(await answers(url + options.readyPath))) {
    if (exited !== undefined || performance.now() > deadline) {
      child.kill('SIGKILL');
      const last = readFileSync(options.logFile, 'utf8').slice(-2000);
      throw new Error(`${entry} did not start (${exited ?? 'timeout'}):\n${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    process: child,
    url,
    peakRss: () => Number(/VmHWM:\s+(\d+) kB/.exec(procFile(child.pid, 'status'))?.[1] ?? 0) * 1024,
    rss: () => Number(/VmRSS:\s+(\d+) kB/.exec(procFile(child.pid, 'status'))?.[1] ?? 0) * 1024,
    cpuSeconds: () => cpuOf(child.pid),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      if (exited === undefined) child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await gone;
      clearTimeout(force);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

function procFile(pid: number | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function cpuOf(pid: number | undefined): number {
  const text = procFile(pid, 'stat');
  if (text === '') return 0;
  // The name in parentheses may contain anything; user and system time are fields 14 and 15, in ticks of 10 ms.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
