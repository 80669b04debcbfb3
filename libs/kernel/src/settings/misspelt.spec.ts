import { describe, expect, it } from '@jest/globals';
import { loadSettings } from './settings.ts';

describe('variables that are nearly ours', () => {
  it.each([
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['MASTER_KEY', 'MASTER_KEYS'],
    ['ROLE', 'ROLES'],
    ['database_url', 'DATABASE_URL'],
    ['PUBLICURL', 'PUBLIC_URL'],
  ])('%s is taken for %s', (name, meant) => {
    const { misspelt } = loadSettings({ [name]: 'x' });
    expect(misspelt).toEqual([{ name, meant }]);
  });

  it('are not those that a shell or a platform sets', () => {
    const usual = [
      'HOME',
      'HOSTNAME',
      'SHELL',
      'PATH',
      'PWD',
      'LANG',
      'TERM',
      'USER',
      'LOGNAME',
      'NODE_ENV',
      'PGHOST',
      'TZ',
    ];
    const env = Object.fromEntries(usual.map((name) => [name, 'x']));
    expect(loadSettings({ ...env, HOST: '127.0.0.1', PORT: '1' }).misspelt).toEqual([]);
  });
});
