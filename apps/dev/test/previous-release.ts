import { execFileSync } from 'node:child_process';

/** The release before the checked-out commit, or why there is none to compare with. */
export type PreviousRelease = { tag: string } | { missing: string };

/**
 * The latest tag `v…` before HEAD of the repository in `folder`. `WXFLEET_PREVIOUS_RELEASE` names a commit to take instead.
 */
export function previousRelease(folder: string, given = process.env.WXFLEET_PREVIOUS_RELEASE): PreviousRelease {
  if (given !== undefined) return { tag: given };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  try {
    git('rev-parse', 'HEAD');
  } catch {
    return { missing: 'there is no git history here' };
  }
  try {
    // Of the parent: HEAD may be the tagged commit itself.
    return { tag: git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^') };
  } catch {
    return { missing: 'there is no tag of a release before this commit' };
  }
}
