import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './exit-codes.ts';

/** One installation, as a profile file names it. The key is never in the file itself. */
export interface Profile {
  url?: string;
  platform?: string;
  lang?: 'en' | 'zh';
  /** A file whose first line is the key. */
  key_file?: string;
  /** A program that prints the key, with its arguments: a keychain. No shell is involved. */
  key_command?: string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const FIELDS = ['url', 'platform', 'lang', 'key_file', 'key_command'];
const KEYCHAIN_TIMEOUT_MS = 60_000;

/** Where profiles are: WXFLEET_PROFILES, else `wxfleet/profiles.json` in the user's folder for settings. */
export function profileFile(env: Environment): string {
  if (env['WXFLEET_PROFILES']) return env['WXFLEET_PROFILES'];
  const folder = process.platform === 'win32' ? env['APPDATA'] : env['XDG_CONFIG_HOME'];
  return join(folder ?? join(homedir(), '.config'), 'wxfleet', 'profiles.json');
}

/**
 * The profile of this name; without a name `default`, which need not be there.
 * @throws UsageError when the file cannot be read, or has no such profile
 */
export function readProfile(env: Environment, name: string | undefined): Profile {
  const file = profileFile(env);
  if (!existsSync(file)) {
    if (name === undefined) return {};
    throw new UsageError(`there is no ${file}, so no profile ${name}`);
  }
  let profiles: unknown;
  try {
    profiles = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  const profile = (profiles as Record<string, unknown> | null)?.[name ?? 'default'];
  if (profile === undefined && name === undefined) return {};
  if (typeof profile !== 'object' || profile === null)
    throw new UsageError(`${file} has no profile ${name ?? 'default'}`);
  const unknown = Object.keys(profile).filter((field) => !FIELDS.includes(field));
  if (unknown.length > 0)
    throw new UsageError(`${file}: unknown ${unknown.join(', ')}; known are ${FIELDS.join(', ')}`);
  return profile;
}

/** The key that a profile leads to; undefined when it names none. @throws UsageError */
export function keyOf({ key_file: file, key_command: command }: Profile): string | undefined {
  if (file !== undefined) {
    const path = file.replace(/^~(?=\/)/, homedir());
    if (!existsSync(path)) throw new UsageError(`key_file ${path} does not exist`);
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new UsageError(`key_file ${path} can be read by others: chmod 600 it`);
    }
    return firstLine(readFileSync(path, 'utf8'));
  }
  if (command === undefined) return undefined;
  const [program, ...args] = command;
  if (program === undefined) throw new UsageError('key_command is empty');
  try {
    // It may ask for a password, on the terminal.
    const stdio: ['inherit', 'pipe', 'inherit'] = ['inherit', 'pipe', 'inherit'];
    return firstLine(execFileSync(program, args, { encoding: 'utf8', timeout: KEYCHAIN_TIMEOUT_MS, stdio }));
  } catch (error) {
    throw new UsageError(`key_command ${program} failed: ${(error as Error).message.split('\n', 1)[0] ?? ''}`);
  }
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}
