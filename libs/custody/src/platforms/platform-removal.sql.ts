export const LAST = 'custody.component_account';

const COLUMNS = `removal_id AS id, component_appid AS "componentAppid", state, total, removed, current,
  started_at AS "startedAt", finished_at AS "finishedAt"`;

export const HIDE_PLATFORM = `
  UPDATE custody.component_account
     SET removing_at = wxfleet.now(), sealed_previous_push_token = NULL, sealed_previous_aes_key = NULL
   WHERE platform_id = $1 AND removing_at IS NULL`;

export const DELETE_TICKET = 'DELETE FROM custody.component_ticket WHERE platform_id = $1';

export const DELETE_COMPONENT_TOKEN = 'DELETE FROM custody.component_token WHERE platform_id = $1';

export const INSERT_REMOVAL = `
  INSERT INTO custody.platform_removal (removed_platform, component_appid, requested_by, total)
  VALUES ($1, $2, $3, $4) RETURNING removal_id AS id`;

export const SELECT_REMOVAL = `SELECT ${COLUMNS} FROM custody.platform_removal WHERE removal_id = $1`;

export const CLAIM_REMOVAL = `
  UPDATE custody.platform_removal
     SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $2)
   WHERE removal_id = $1 AND (lease_until IS NULL OR lease_until <= wxfleet.now())
   RETURNING removed_platform AS "platformId", lease_generation AS generation, state = 'done' AS "isDone"`;

export const RELEASE_REMOVAL =
  'UPDATE custody.platform_removal SET lease_until = NULL WHERE removal_id = $1 AND lease_generation = $2';

export const DELETE_ACCOUNT = `DELETE FROM ${LAST} WHERE platform_id = $1`;

export const FINISH_REMOVAL = `
  UPDATE custody.platform_removal
     SET state = 'done', current = NULL, finished_at = coalesce(finished_at, wxfleet.now()), requested_by = NULL
   WHERE removal_id = $1 AND lease_generation = $2`;

export const ADVANCE_REMOVAL = `
  UPDATE custody.platform_removal
     SET removed = removed + $3, current = $4, lease_until = wxfleet.now() + make_interval(secs => $5)
   WHERE removal_id = $1 AND lease_generation = $2`;

export const FORGET_JOBS_OF_PLATFORM = `DELETE FROM graphile_worker._private_jobs WHERE locked_at IS NULL AND (payload ->> 'platformId')::bigint = $1`;
