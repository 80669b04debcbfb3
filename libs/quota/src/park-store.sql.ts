import { FORGIVE_SECONDS } from './parks.ts';

const COLUMNS = `a.component_appid AS "componentAppid", p.authorizer_appid AS "authorizerAppid", p.path, p.errcode,
  (extract(epoch FROM p.parked_at) * 1000)::float8 AS "parkedAtMs",
  (extract(epoch FROM p.parked_until) * 1000)::float8 AS "untilMs",
  (extract(epoch FROM p.probe_at) * 1000)::float8 AS "probeAtMs", p.strikes, p.version`;

const KEYS = `unnest($1::text[], $2::text[], $3::text[]) AS k (component_appid, authorizer_appid, path)
  JOIN custody.component_account a USING (component_appid)`;

const SAME = 'p.platform_id = a.platform_id AND p.authorizer_appid = k.authorizer_appid AND p.path = k.path';

/** Rows whose end, or the forgiveness of whose strikes, lies ahead. */
const ALIVE = `p.parked_until + p.strikes * interval '${FORGIVE_SECONDS} s' > wxfleet.now()`;

export const PARK = `
  WITH p AS (
    INSERT INTO quota.park AS p
           (platform_id, authorizer_appid, path, errcode, parked_at, parked_until, probe_at, strikes)
    SELECT a.platform_id, k.authorizer_appid, k.path, k.errcode, wxfleet.now(),
           to_timestamp(k.until_ms / 1000), to_timestamp(k.probe_ms / 1000), k.strikes
      FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::float8[], $6::float8[], $7::int[])
           AS k (component_appid, authorizer_appid, path, errcode, until_ms, probe_ms, strikes)
      JOIN custody.component_account a USING (component_appid)
     ORDER BY 1, 3, 2 -- the same order in every process: no deadlocks
    ON CONFLICT (platform_id, path, authorizer_appid) DO UPDATE
       SET errcode = excluded.errcode, parked_at = excluded.parked_at, version = p.version + 1,
           parked_until = CASE WHEN p.parked_until > wxfleet.now()
                               THEN greatest(p.parked_until, excluded.parked_until)
                               ELSE excluded.parked_until END,
           probe_at = CASE WHEN p.parked_until > wxfleet.now()
                           THEN greatest(p.probe_at, excluded.probe_at) ELSE excluded.probe_at END,
           strikes = CASE WHEN p.parked_until > wxfleet.now()
                          THEN greatest(p.strikes, excluded.strikes) ELSE excluded.strikes END
    RETURNING p.*
  )
  SELECT ${COLUMNS} FROM p JOIN custody.component_account a USING (platform_id)`;

export const LIFT = `
  DELETE FROM quota.park p
   USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
         AS k (component_appid, authorizer_appid, path, version)
    JOIN custody.component_account a USING (component_appid)
   WHERE ${SAME} AND p.version = k.version
  RETURNING k.component_appid AS "componentAppid", k.authorizer_appid AS "authorizerAppid", k.path`;

export const LIFT_DAYS = `
  DELETE FROM quota.park p USING custody.component_account a
   WHERE p.platform_id = $1 AND a.platform_id = $1 AND p.authorizer_appid = $2 AND p.probe_at IS NOT NULL
  RETURNING a.component_appid AS "componentAppid", p.authorizer_appid AS "authorizerAppid", p.path`;

export const CLAIM_PROBES = `
  UPDATE quota.park p SET probe_at = wxfleet.now() + make_interval(secs => $4) FROM ${KEYS}
   WHERE ${SAME} AND p.probe_at <= wxfleet.now() AND p.parked_until > wxfleet.now()
  RETURNING ${COLUMNS}`;

export const PROBE_AGAIN = `
  UPDATE quota.park p SET probe_at = least(p.probe_at, wxfleet.now() + make_interval(secs => $5))
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
         AS k (component_appid, authorizer_appid, path, version)
    JOIN custody.component_account a USING (component_appid)
   WHERE ${SAME} AND p.version = k.version`;

export const READ_PARKS = `SELECT ${COLUMNS} FROM ${KEYS} JOIN quota.park p ON ${SAME} WHERE ${ALIVE}`;

export const READ_ALL_PARKS = `
  SELECT ${COLUMNS} FROM quota.park p JOIN custody.component_account a USING (platform_id) WHERE ${ALIVE}
   ORDER BY p.authorizer_appid = '' DESC, p.parked_until DESC LIMIT $1`;

export const PLATFORMS_OF_APPIDS = `
  SELECT component_appid AS appid, platform_id AS "platformId" FROM custody.component_account
   WHERE component_appid = ANY ($1)`;

export const ANNOUNCE = 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload';
