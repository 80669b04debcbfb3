import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { previousRelease } from './previous-release.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

describe('a release', () => {
  it('has one version everywhere, with a section in the changelog', () => {
    const lock = JSON.parse(read('package-lock.json')) as { version: string; packages: Record<string, object> };
    expect([lock.version, lock.packages['']]).toEqual([version, expect.objectContaining({ version })]);
    expect(read('libs/client/README.md')).toContain(`wxfleet-client-${version}.tgz`);
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')}\\b`, 'm'));
  });

  it('finds the one before it by its tag, and says why when there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wxfleet-release-'));
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
    const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-c', 'commit.gpgsign=false'];
    const commit = () => git(...identity, 'commit', '--allow-empty', '-m', 'x');
    try {
      expect(previousRelease(folder, undefined)).toEqual({ missing: 'there is no git history here' });
      git('init', '-q');
      commit();
      const none = { missing: 'there is no tag of a release before this commit' };
      expect(previousRelease(folder, undefined)).toEqual(none);
      git('tag', 'v0.9.0');
      expect(previousRelease(folder, undefined)).toEqual(none);
      commit();
      git('tag', 'something-else');
      commit();
      expect(previousRelease(folder, undefined)).toEqual({ tag: 'v0.9.0' });
      git('tag', 'v1.0.0');
      expect(previousRelease(folder, undefined)).toEqual({ tag: 'v0.9.0' });
      expect(previousRelease(folder, 'abc')).toEqual({ tag: 'abc' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
