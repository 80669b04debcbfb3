export const HOLD_LISTS = 'SELECT pg_advisory_xact_lock_shared($1)';

export const FIND_DOMAINS =
  'SELECT domain_id AS id, name AS key FROM domain_ledger.domain WHERE name = ANY ($1::text[])';

export const INSERT_DOMAINS = `
  INSERT INTO domain_ledger.domain (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING
  RETURNING domain_id AS id, name AS key`;

export const FIND_LISTS = `
  SELECT list_id AS id, encode(digest, 'hex') AS key FROM domain_ledger.domain_list
   WHERE digest = ANY ($1::bytea[])`;

export const INSERT_LISTS = `
  INSERT INTO domain_ledger.domain_list (digest, domain_ids)
  SELECT digest, ids::int[] FROM unnest($1::bytea[], $2::text[]) AS t (digest, ids)
  ON CONFLICT DO NOTHING RETURNING list_id AS id, encode(digest, 'hex') AS key`;

export const FIND_CONTENTS = `
  SELECT content_id AS id, encode(digest, 'hex') AS key FROM domain_ledger.domain_content
   WHERE digest = ANY ($1::bytea[])`;

export const INSERT_CONTENTS = `
  INSERT INTO domain_ledger.domain_content (digest, list_ids, drift, largest)
  SELECT digest, ids::int[], drift, largest
    FROM unnest($1::bytea[], $2::text[], $3::boolean[], $4::smallint[]) AS t (digest, ids, drift, largest)
  ON CONFLICT DO NOTHING RETURNING content_id AS id, encode(digest, 'hex') AS key`;

export const HOLD_BODIES = 'SELECT pg_advisory_xact_lock_shared($1)';

export const FIND_BODIES = `
  SELECT body_id AS id, encode(digest, 'hex') AS key FROM domain_ledger.body
   WHERE digest = ANY (ARRAY(SELECT decode(hex, 'hex') FROM unnest($1::text[]) AS t (hex)))`;

export const INSERT_BODIES = `
  INSERT INTO domain_ledger.body (digest, encoding, bytes)
  SELECT decode(hex, 'hex'), encoding, bytes
    FROM unnest($1::text[], $2::smallint[], $3::bytea[]) AS t (hex, encoding, bytes)
  ON CONFLICT DO NOTHING RETURNING body_id AS id, encode(digest, 'hex') AS key`;

export const FIND_CHANGE_SETS = `
  SELECT change_id AS id, encode(digest, 'hex') AS key FROM domain_ledger.domain_change_set
   WHERE digest = ANY ($1::bytea[])`;

export const INSERT_CHANGE_SETS = `
  INSERT INTO domain_ledger.domain_change_set (digest, places, members, added_at, removed_at)
  SELECT digest, places, members::int[], added_at::int[], removed_at::int[]
    FROM unnest($1::bytea[], $2::int[], $3::text[], $4::text[], $5::text[]) AS t (digest, places, members, added_at, removed_at)
  ON CONFLICT DO NOTHING RETURNING change_id AS id, encode(digest, 'hex') AS key`;
