import { Controller } from '@nestjs/common';
import { AuditTrail, type ConsoleUserRow, ConsoleUsers, Passwords, scopesOf, tenantOf } from '#libs/access';
import type { ConsoleUserView, UserRole } from '#libs/contract';
import { AppError, Database, Secret } from '#libs/kernel';
import { ComponentAccounts } from '#libs/custody';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';

@Controller()
export class UsersController {
  constructor(
    private readonly audit: AuditTrail,
    private readonly db: Database,
    private readonly users: ConsoleUsers,
    private readonly passwords: Passwords,
    private readonly accounts: ComponentAccounts,
  ) {}

  @Endpoint('createUser')
  async create(@Input() { body }: In<'createUser'>, @By() by: Caller): Promise<ConsoleUserView> {
    assertMayGive(by, body.role);
    const platformId = await this.platformOf(by, body.role, body.component_appid);
    const { username } = body;
    // A taken name is refused before the password is hashed. One of another platform is noticed at the insert.
    const taken = await this.db.readForTenant(tenantOf(by.principal), (sql) =>
      this.users.get(sql, by.principal.platformId, username),
    );
    if (taken) throw AppError.invalid('username', 'is taken');
    const hash = await this.hash(by, body.password);
    const row = await this.db.forTenant(tenantOf(by.principal), async (sql) => {
      const made = await this.users.create(sql, {
        username,
        hash,
        role: body.role,
        platformId,
        createdBy: by.principal.actor,
      });
      await this.audit.record(sql, {
        ...eventOf(by, 'user.created', `user:${made.username}`, { role: made.role }),
        platformId,
      });
      return made;
    });
    return this.view(row);
  }

  @Endpoint('listUsers')
  async list(@Input() { query }: In<'listUsers'>, @By() by: Caller) {
    assertWholePlatform(by);
    const page = await this.db.readForTenant(tenantOf(by.principal), (sql) =>
      this.users.list(sql, by.principal.platformId, query),
    );
    return { items: await Promise.all(page.items.map((row) => this.view(row))), next_cursor: page.next_cursor };
  }

  @Endpoint('updateUser')
  async update(@Input() { params, body }: In<'updateUser'>, @By() by: Caller): Promise<ConsoleUserView> {
    assertWholePlatform(by);
    if (body.role !== undefined) assertMayGive(by, body.role);
    const { platformId } = by.principal;
    let hash: string | undefined;
    if (body.password !== undefined) {
      // Checked before the password is hashed, and again below: only callers that may change the user cause that work.
      const present = await this.db.readForTenant(tenantOf(by.principal), (sql) =>
        this.users.get(sql, platformId, params.username),
      );
      assertMayChange(by, present, body.role);
      hash = await this.hash(by, body.password);
    }
    const row = await this.db.forTenant(tenantOf(by.principal), async (sql) => {
      // The row is locked, so that a concurrent change of the user's role comes before or after, never in between.
      assertMayChange(by, await this.users.hold(sql, platformId, params.username), body.role);
      const changed = await this.users.change(sql, platformId, params.username, {
        role: body.role,
        hash,
        disabled: body.disabled,
      });
      if (!changed) throw notFound('user');
      const detail = { changed: Object.keys(body), role: changed.role, disabled: changed.disabled_at !== null };
      await this.audit.record(sql, {
        ...eventOf(by, 'user.changed', `user:${changed.username}`, detail),
        platformId: changed.platformId,
      });
      return changed;
    });
    return this.view(row);
  }

  private hash(by: Caller, password: string): Promise<string> {
    const who = String(by.principal.platformId ?? 'operators');
    return this.passwords.hash(new Secret(password), { kind: 'change', who });
  }

  private async platformOf(by: Caller, role: UserRole, componentAppid: string | undefined): Promise<number | null> {
    if (role === 'operator') {
      if (componentAppid !== undefined) throw AppError.invalid('component_appid', 'must be absent for an operator');
      return null;
    }
    const own = by.principal.platformId;
    if (componentAppid === undefined) {
      if (own === null) throw AppError.invalid('component_appid', 'is required for this role');
      return own;
    }
    // Callers of a platform are compared with their own; other names are not looked up.
    const platform = await (own === null ? this.accounts.ref(componentAppid) : this.accounts.refOf(own));
    if (platform?.componentAppid !== componentAppid) {
      throw AppError.invalid('component_appid', 'is not a platform of this hub');
    }
    return platform.platformId;
  }

  private async view({ userId: _, platformId, ...row }: ConsoleUserRow): Promise<ConsoleUserView> {
    const platform = platformId === null ? null : await this.accounts.refOf(platformId);
    return { ...row, component_appid: platform?.componentAppid ?? null };
  }
}

/**
 * Only callers with at least the user's privileges may change it; otherwise this would be privilege escalation.
 * @throws AppError not_found, forbidden, invalid_request
 */
function assertMayChange(by: Caller, present: ConsoleUserRow | null, role: UserRole | undefined): void {
  if (!present) throw notFound('user');
  assertMayGive(by, present.role);
  if (role !== undefined && (role === 'operator') !== (present.role === 'operator')) {
    throw AppError.invalid('role', 'cannot change between one platform and the whole installation');
  }
}

/** A caller may grant only privileges it has itself. */
function assertMayGive(by: Caller, role: UserRole): void {
  assertWholePlatform(by);
  const { principal } = by;
  if (role === 'operator' && principal.kind !== 'operator') {
    throw new AppError('forbidden', 'only an operator may create operators');
  }
  const excess = scopesOf(role).filter((scope) => !principal.scopes.has(scope));
  if (excess.length > 0) throw new AppError('forbidden', `the caller itself lacks ${excess.join(', ')}`);
}
