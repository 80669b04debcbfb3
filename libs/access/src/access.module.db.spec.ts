import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, Secret } from '#libs/kernel';
import { cloneDatabase, testKernel, type TestDatabase } from '#libs/testing';
import { AccessModule } from './access.module.ts';
import { ApiKeys } from './api-keys.ts';
import { AuditTrail } from './audit-trail.ts';
import { ConsoleUsers } from './console-users.ts';
import { PasswordCost, Passwords } from './password.ts';
import { Sessions } from './sessions.ts';

@Global()
@Module({
  providers: [{ provide: PasswordCost, useValue: { logN: 4, r: 8, p: 1 } }],
  exports: [PasswordCost],
})
class CheapPasswords {}

describe('AccessModule', () => {
  let test: TestDatabase;
  let app: TestingModule;
  beforeEach(async () => {
    test = await cloneDatabase();
    app = await Test.createTestingModule({ imports: [testKernel(test), CheapPasswords, AccessModule] }).compile();
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await test.drop();
  });

  it('knows a key until it is revoked, in another process too', async () => {
    const other = await Test.createTestingModule({ imports: [testKernel(test), AccessModule] }).compile();
    await other.init();
    const { view, key } = await app.get(ApiKeys).create(app.get(Database), {
      platformId: null,
      name: 'k',
      scopes: ['audit:read'],
      createdBy: 'spec',
    });
    expect(await other.get(ApiKeys).authenticate(key.reveal())).toMatchObject({ keyId: view.id });
    await app.get(ApiKeys).revoke(app.get(Database), null, view.id);
    while ((await other.get(ApiKeys).authenticate(key.reveal())) !== null) await new Promise(setImmediate);
    await other.close();
  });

  it('logs in a user at the cost that a global module gives', async () => {
    const password = Secret.of('correct horse battery');
    const hash = await app.get(Passwords).hash(password, { kind: 'change', who: 'spec' });
    expect(hash).toContain('$scrypt$ln=4,');
    await app
      .get(ConsoleUsers)
      .create(app.get(Database), { username: 'anna', hash, role: 'operator', platformId: null, createdBy: 'spec' });
    const from = { address: '192.0.2.1', limitedBy: '192.0.2.1' };
    const { principal, token } = await app.get(Sessions).open('anna', password, from);
    expect(principal.actor).toBe('user:anna');
    expect(await app.get(Sessions).authenticate(token.reveal())).toMatchObject({ actor: 'user:anna' });
  });

  it('writes what is counted in memory when it stops', async () => {
    app.get(AuditTrail).count({ platformId: null, actor: 'spec', action: 'token.issued' });
    const reader = await test.another();
    await app.close();
    const rows = await reader.query(`SELECT actor, count FROM access.audit_event WHERE action = 'token.issued'`);
    expect(rows).toEqual([{ actor: 'spec', count: 1 }]);
  });
});
