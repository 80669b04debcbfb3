import { Controller } from '@nestjs/common';
import {
  ConsoleUsers,
  Passwords,
  assertConfirmed,
  assertCovers,
  assertMayGrant,
  scopesOf,
  type ConsoleUserRow,
} from '#libs/access';
import type { ConsoleUserView, UserRole } from '#libs/contract';
import { ComponentAccounts, type PlatformRef } from '#libs/custody';
import { AppError, Secret } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { CallerScope } from './caller-scope.ts';

@Controller()
export class UsersController {
  constructor(
    private readonly scope: CallerScope,
    private readonly users: ConsoleUsers,
    private readonly passwords: Passwords,
    private readonly accounts: ComponentAccounts,
  ) {}

  @Endpoint('createUser')
  async create(@Input() { body }: In<'createUser'>, @By() by: Caller): Promise<ConsoleUserView> {
    assertWholePlatform(by);
    const expiresAt = body.expires_at ?? by.principal.expiresAt;
    assertMayGive(by, body.role, expiresAt);
    const platform = await this.platformOf(by, body.role, body.component_appid);
    const platformId = platform?.platformId ?? null;
    const { username } = body;
    // A name that is taken costs no hash. One that another platform took is seen only when the user is made.
    const taken = await this.scope.read(by, (sql) => this.users.get(sql, by.principal.platformId, username));
    if (taken) throw AppError.invalid('username', 'is taken');
    const hash = await this.hash(by, body.password);
    return this.scope.writeOnce(by, async (sql) => {
      const made = await this.users.create(sql, {
        username,
        hash,
        role: body.role,
        platformId,
        expiresAt,
        createdBy: by.principal.actor,
      });
      await this.scope.record(sql, {
        ...eventOf(by, 'user.created', `user:${made.username}`, { role: made.role, expires_at: made.expires_at }),
        platformId,
      });
      return viewOf(made, platform);
    });
  }

  @Endpoint('listUsers')
  async list(@Input() { query }: In<'listUsers'>, @By() by: Caller) {
    assertWholePlatform(by);
    const page = await this.scope.read(by, (sql) => this.users.list(sql, by.principal.platformId, query));
    return { items: await Promise.all(page.items.map((row) => this.view(row))), next_cursor: page.next_cursor };
  }

  @Endpoint('updateUser')
  async update(@Input() { params, body }: In<'updateUser'>, @By() by: Caller): Promise<ConsoleUserView> {
    assertWholePlatform(by);
    const { platformId } = by.principal;
    let hash: string | undefined;
    if (body.password !== undefined) {
      // Before the password is hashed, and again below: only a caller who may change the user makes this process work for it.
      const present = await this.scope.read(by, (sql) => this.users.get(sql, platformId, params.username));
      assertMayChange(by, present, body);
      hash = await this.hash(by, body.password);
    }
    const row = await this.scope.write(by, async (sql) => {
      // Locked: a change that gives this user more comes before or after, never between.
      assertMayChange(by, await this.users.hold(sql, platformId, params.username), body);
      const changed = await this.users.change(sql, platformId, params.username, {
        role: body.role,
        hash,
        disabled: body.disabled,
        expiresAt: body.expires_at,
      });
      if (!changed) throw notFound('user');
      const detail = {
        changed: Object.keys(body),
        role: changed.role,
        disabled: changed.disabled_at !== null,
        expires_at: changed.expires_at,
      };
      await this.scope.record(sql, {
        ...eventOf(by, 'user.changed', `user:${changed.username}`, detail),
        platformId: changed.platformId,
      });
      return changed;
    });
    return this.view(row);
  }

  @Endpoint('deleteUser')
  async erase(@Input() { params, body }: In<'deleteUser'>, @By() by: Caller): Promise<void> {
    assertWholePlatform(by);
    assertConfirmed(body.confirm, params.username);
    const { platformId } = by.principal;
    await this.scope.write(by, async (sql) => {
      const present = await this.users.hold(sql, platformId, params.username);
      if (!present) throw notFound('user');
      assertOperatorFor(by, present.role);
      assertCovers(by.principal, { scopes: scopesOf(present.role), merchantIds: null });
      await this.users.erase(sql, platformId, params.username);
      await this.scope.record(sql, {
        ...eventOf(by, 'user.erased', `user:${present.username}`, { role: present.role }),
        platformId: present.platformId,
      });
    });
  }

  private hash(by: Caller, password: string): Promise<string> {
    const who = String(by.principal.platformId ?? 'operators');
    return this.passwords.hash(new Secret(password), { kind: 'change', who });
  }

  private async platformOf(
    by: Caller,
    role: UserRole,
    componentAppid: string | undefined,
  ): Promise<PlatformRef | null> {
    if (role === 'operator') {
      if (componentAppid !== undefined) throw AppError.invalid('component_appid', 'an operator is of no platform');
      return null;
    }
    const own = by.principal.platformId;
    if (componentAppid === undefined) {
      if (own === null) throw AppError.invalid('component_appid', 'is needed for this role');
      return this.accounts.refOf(own);
    }
    // A caller of one platform is compared with that one: other names are not looked up.
    const platform = await (own === null ? this.accounts.ref(componentAppid) : this.accounts.refOf(own));
    if (platform?.componentAppid !== componentAppid) {
      throw AppError.invalid('component_appid', 'is not a platform of this hub');
    }
    return platform;
  }

  private async view(row: ConsoleUserRow): Promise<ConsoleUserView> {
    return viewOf(row, row.platformId === null ? null : await this.accounts.refOf(row.platformId));
  }
}

function viewOf({ userId: _, platformId: __, ...row }: ConsoleUserRow, platform: PlatformRef | null): ConsoleUserView {
  return { ...row, component_appid: platform?.componentAppid ?? null };
}

/** @throws AppError not_found, forbidden, invalid_request */
function assertMayChange(by: Caller, present: ConsoleUserRow | null, patch: In<'updateUser'>['body']): void {
  if (!present) throw notFound('user');
  const { role, expires_at: end } = patch;
  assertOperatorFor(by, present.role);
  assertCovers(by.principal, { scopes: scopesOf(present.role), merchantIds: null });
  // Everything but disabling gives authority: the caller who sets a password can log in as the user.
  const isOnlyDisabled = patch.disabled === true && Object.keys(patch).length === 1;
  const expiresAt = end === undefined ? (present.expires_at === null ? null : new Date(present.expires_at)) : end;
  if (!isOnlyDisabled) assertMayGive(by, role ?? present.role, expiresAt);
  if (role !== undefined && (role === 'operator') !== (present.role === 'operator')) {
    throw AppError.invalid('role', 'cannot change between one platform and the whole installation');
  }
}

function assertMayGive(by: Caller, role: UserRole, expiresAt: Date | null): void {
  assertOperatorFor(by, role);
  assertMayGrant(by.principal, { scopes: scopesOf(role), merchantIds: null, expiresAt, networks: null });
}

/** Scopes alone do not tell an operator from an admin. */
function assertOperatorFor(by: Caller, role: UserRole): void {
  if (role === 'operator' && by.principal.kind !== 'operator') {
    throw new AppError('forbidden', 'only an operator makes or changes operators');
  }
}
