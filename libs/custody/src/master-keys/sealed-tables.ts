import type { SealedTable } from '#libs/kernel';
import { sealContext } from '../seal-context.ts';

const platformId = (row: Record<string, unknown>) => row.platform_id as number;
const appid = (row: Record<string, unknown>) => row.authorizer_appid as string;

/** Where this library keeps sealed values. */
export const custodySealedTables: readonly SealedTable[] = [
  {
    table: 'custody.component_account',
    key: [{ column: 'platform_id', type: 'int' }],
    sealed: [
      { column: 'sealed_appsecret', aad: (row) => sealContext.appsecret(platformId(row)) },
      { column: 'sealed_push_token', aad: (row) => sealContext.pushToken(platformId(row)) },
      { column: 'sealed_previous_push_token', aad: (row) => sealContext.pushToken(platformId(row)) },
      { column: 'sealed_aes_key', aad: (row) => sealContext.aesKey(platformId(row)) },
      { column: 'sealed_previous_aes_key', aad: (row) => sealContext.aesKey(platformId(row)) },
    ],
  },
  {
    table: 'custody.component_ticket',
    key: [{ column: 'platform_id', type: 'int' }],
    sealed: [
      { column: 'sealed_ticket', aad: (row) => sealContext.ticket(platformId(row)) },
      { column: 'sealed_working_ticket', aad: (row) => sealContext.ticket(platformId(row)) },
    ],
  },
  {
    table: 'custody.component_token',
    key: [{ column: 'platform_id', type: 'int' }],
    sealed: [{ column: 'sealed_token', aad: (row) => sealContext.componentToken(platformId(row)) }],
  },
  {
    table: 'custody.authorizer_token',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'authorizer_appid', type: 'text' },
    ],
    sealed: [
      { column: 'sealed_refresh_token', aad: (row) => sealContext.refreshToken(platformId(row), appid(row)) },
      { column: 'sealed_previous_refresh_token', aad: (row) => sealContext.refreshToken(platformId(row), appid(row)) },
      { column: 'sealed_access_token', aad: (row) => sealContext.accessToken(platformId(row), appid(row)) },
    ],
  },
];
