import { DOMAIN_PERMISSION_SET } from './permission-sets.ts';
import type { NamedStatement } from '#libs/kernel';

export const COLUMNS = `authorizer_id AS "authorizerId", authorizer_appid AS "authorizerAppid", merchant_id AS "merchantId", kind,
  nick_name AS "nickName", principal_name AS "principalName", state, permission_sets AS "permissionSets", slot,
  authorized_at AS "authorizedAt", unauthorized_at AS "unauthorizedAt", last_failure AS "lastFailure"`;

export const BY_APPID: NamedStatement = {
  name: 'authorizers.by_appid',
  text: `SELECT ${COLUMNS} FROM authorizers.authorizer
          WHERE platform_id = $1 AND authorizer_appid = $2 AND ($3::text[] IS NULL OR merchant_id = ANY($3))`,
};

export const BY_ID: NamedStatement = {
  name: 'authorizers.by_id',
  text: `SELECT ${COLUMNS} FROM authorizers.authorizer
          WHERE platform_id = $1 AND authorizer_id = $2 AND ($3::text[] IS NULL OR merchant_id = ANY($3))`,
};

export const SEARCH = `SELECT ${COLUMNS} FROM authorizers.authorizer
  WHERE platform_id = $1
    AND authorizer_id = ANY (ARRAY(SELECT authorizers.search($1, $2, $3, $4, $5::text[], $6, $7, $8, $9)))
  ORDER BY authorizer_id`;

export const LIST_GRANTS = `
  SELECT * FROM (
    SELECT change_id AS "changeId", changed_at AS "changedAt", state, permission_sets AS "permissionSets",
           coalesce(lag(permission_sets) OVER (ORDER BY change_id), '{}') AS "previousSets"
      FROM authorizers.grant_change WHERE platform_id = $1 AND authorizer_id = $2) AS change
   WHERE $3::bigint IS NULL OR "changeId" < $3
   ORDER BY "changeId" DESC LIMIT $4`;

export const FIND_MERCHANT = `
  SELECT 1 FROM authorizers.merchant
   WHERE platform_id = $1 AND merchant_id = $2 AND ($3::text[] IS NULL OR merchant_id = ANY($3)) FOR SHARE`;

export const ASSIGN_MERCHANT = `
  UPDATE authorizers.authorizer SET merchant_id = $3, updated_at = wxfleet.now()
   WHERE platform_id = $1 AND authorizer_appid = $2 AND ($4::text[] IS NULL OR merchant_id = ANY($4))
   RETURNING ${COLUMNS}`;

export const PAGE_OF_SWEEP = `
  SELECT authorizer_id AS "authorizerId", authorizer_appid AS "authorizerAppid", slot,
         ${DOMAIN_PERMISSION_SET} = ANY(permission_sets) AS "hasPermissionSet18"
    FROM authorizers.authorizer
   WHERE platform_id = $1 AND state = 'authorized' AND kind = 'mini_program'
     AND slot BETWEEN $2 AND $3 AND (slot, authorizer_id) > ($4, $5)
   ORDER BY slot, authorizer_id LIMIT $6`;
