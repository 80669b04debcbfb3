export const WRITE_COUNTS = `
  WITH fence AS (
    INSERT INTO quota.count_source AS s (source, sequence, seen_at) VALUES ($1, $2, wxfleet.now())
    ON CONFLICT (source) DO UPDATE SET sequence = excluded.sequence, seen_at = excluded.seen_at
     WHERE s.sequence < excluded.sequence
    RETURNING 1
  ), counted AS (
    INSERT INTO quota.call_count AS c (platform_id, day, path, calls, errors)
    SELECT a.platform_id, t.day, t.path, sum(t.calls), sum(t.errors)
      FROM unnest($3::text[], $4::date[], $5::text[], $6::bigint[], $7::bigint[])
           AS t (component_appid, day, path, calls, errors)
      JOIN custody.component_account a USING (component_appid)
     WHERE EXISTS (SELECT FROM fence)
     GROUP BY 1, 2, 3
     ORDER BY 1, 2, 3 -- the same order in every process: no deadlocks
    ON CONFLICT (platform_id, day, path)
    DO UPDATE SET calls = c.calls + excluded.calls, errors = c.errors + excluded.errors
    RETURNING platform_id, day, path, calls
  ), attributed AS (
    INSERT INTO quota.merchant_call_chunk (platform_id, day, path, authorizer_appids, calls, errors)
    SELECT a.platform_id, m.day, m.path, string_to_array(m.appids, ' '),
           string_to_array(m.calls, ' ')::int[], string_to_array(m.errors, ' ')::int[]
      FROM unnest($8::text[], $9::date[], $10::text[], $11::text[], $12::text[], $13::text[])
           AS m (component_appid, day, path, appids, calls, errors)
      JOIN custody.component_account a USING (component_appid)
     WHERE EXISTS (SELECT FROM fence)
  )
  SELECT a.component_appid AS "componentAppid", to_char(c.day, 'YYYY-MM-DD') AS day, c.path, c.calls
    FROM counted c JOIN custody.component_account a USING (platform_id)`;
