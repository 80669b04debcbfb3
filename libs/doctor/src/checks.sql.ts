/**
 * What the tables know about one platform, $1; one row. Pushes and refusals of the last day, the latest comparison with WeChat's
 * list, mini programs with and without permission set 18, links, and what waits in the feed.
 */
export const READ_FACTS = `
  SELECT wxfleet.now() AS now,
    (SELECT count(*)::int FROM inbox.push WHERE platform_id = $1 AND received_at > wxfleet.now() - interval '1 day') AS accepted,
    (SELECT max(received_at) FROM inbox.push WHERE platform_id = $1) AS "lastAcceptedAt",
    (SELECT count(*)::int FROM inbox.push
      WHERE platform_id = $1 AND state = 'unhandled' AND authorizer_appid <> '') AS "accountEvents",
    (SELECT count(*)::int FROM custody.authorizer_token
      WHERE platform_id = $1 AND failures > 0 AND last_failure #>> '{wechat,errcode}' = '61028') AS "unpublished",
    (SELECT count(*)::int FROM domain_ledger.subject WHERE platform_id = $1 AND state = 'authorized') AS "miniPrograms",
    (SELECT count(*)::int FROM domain_ledger.subject WHERE platform_id = $1 AND state = 'authorized' AND NOT readable) AS "unreadable",
    (SELECT array_agg(authorizer_appid) FROM (
       SELECT authorizer_appid FROM domain_ledger.subject
        WHERE platform_id = $1 AND state = 'authorized' AND NOT readable ORDER BY authorizer_appid LIMIT 3) s) AS "unreadableOnes",
    (SELECT count(*)::int FROM authorizers.authorization_link WHERE platform_id = $1 AND openings > 0) AS "linksOpened",
    (SELECT count(*)::int FROM authorizers.authorization_link WHERE platform_id = $1 AND used_at IS NOT NULL) AS "linksUsed",
    (SELECT row_to_json(r) FROM (
       SELECT state, reason, without_refresh_token AS "withoutRefreshToken", finished_at AS "finishedAt"
         FROM authorizers.reconciliation WHERE platform_id = $1 AND state <> 'running'
        ORDER BY reconciliation_id DESC LIMIT 1) r) AS reconciliation,
    (SELECT array_agg(authorizer_appid) FROM (
       SELECT authorizer_appid FROM authorizers.authorizer
        WHERE platform_id = $1 AND state = 'reauthorization_required' ORDER BY authorizer_id LIMIT 3) a) AS "toReauthorize",
    (SELECT extract(epoch FROM wxfleet.now() - min(recorded_at))::float8 FROM events.event
      WHERE platform_id = $1 AND seq IS NULL) AS "unnumberedSeconds",
    (SELECT array_agg(url) FROM events.webhook_endpoint
      WHERE platform_id = $1 AND state = 'disabled' AND disabled_reason <> 'request') AS "disabledEndpoints",
    (SELECT array_agg(url) FROM events.webhook_endpoint
      WHERE platform_id = $1 AND state = 'enabled' AND failing_since < wxfleet.now() - interval '5 minutes') AS "failingEndpoints",
    (SELECT array_agg(DISTINCT relay_name) FROM events.relay_message
      WHERE platform_id = $1 AND created_at < wxfleet.now() - interval '10 minutes') AS "lateRelays",
    (SELECT round(extract(epoch FROM received_at - wechat_created_at))::int FROM custody.component_ticket
      WHERE platform_id = $1) AS "ticketLagSeconds",
    -- Without the number of the request, which differs in each of a whole fleet's refusals.
    (SELECT array_agg(refusal) FROM (
       SELECT DISTINCT substring(last_failure #>> '{wechat,errmsg}' FROM '(?i)requestip:\\s*[0-9a-f.:]+') AS refusal
         FROM custody.authorizer_token
        WHERE platform_id = $1 AND failures > 0 AND last_failure #>> '{wechat,errcode}' = '61004'
          AND updated_at > wxfleet.now() - interval '1 hour' LIMIT 100) a WHERE refusal IS NOT NULL) AS "addressRefusals",
    (SELECT count(*)::int FROM events.relay
      WHERE platform_id = $1 AND enabled AND source IN ('messages', 'both')) AS "messageRelays",
    (SELECT recorded_at FROM events.event
      WHERE platform_id = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1) AS "lastEventAt",
    (SELECT max(succeeded_at) FROM events.webhook_endpoint WHERE platform_id = $1) AS "lastDeliveredAt",
    (SELECT max(answered_at) FROM events.relay_call WHERE platform_id = $1) AS "lastRelayedAt"`;

export interface Facts {
  now: Date;
  /** Pushes of the last day that were taken. */
  accepted: number;
  lastAcceptedAt: Date | null;
  /** Pushes of the messages URL that were kept. */
  accountEvents: number;
  /** Accounts whose token WeChat refuses because the platform is not published (61028). */
  unpublished: number;
  miniPrograms: number;
  unreadable: number;
  unreadableOnes: string[] | null;
  linksOpened: number;
  linksUsed: number;
  reconciliation: { state: string; reason: string | null; withoutRefreshToken: number; finishedAt: string } | null;
  /** Three of the accounts that must authorize the platform again. */
  toReauthorize: string[] | null;
  unnumberedSeconds: number | null;
  disabledEndpoints: string[] | null;
  failingEndpoints: string[] | null;
  lateRelays: string[] | null;
  /** Between the CreateTime of the latest ticket and its arrival by the database's clock; negative: it came from the future. */
  ticketLagSeconds: number | null;
  /** The part with the address (`requestIP: …`) of what WeChat said in the last hour to processes whose address it refuses. */
  addressRefusals: string[] | null;
  /** Relays that take what comes by the messages URL. */
  messageRelays: number;
  lastEventAt: Date | null;
  lastDeliveredAt: Date | null;
  /** Of relays that answer; what they only want to know leaves no trace. */
  lastRelayedAt: Date | null;
}

/** $1 platform, $2 ids, $3 statuses, $4 findings, $5 evidence as JSON lists. */
export const KEEP_CHECKS = `
  INSERT INTO doctor.platform_check AS c (platform_id, check_id, status, finding, evidence, since, checked_at)
  SELECT $1, r.id, r.status, r.finding, ARRAY(SELECT jsonb_array_elements_text(r.evidence)), wxfleet.now(), wxfleet.now()
    FROM unnest($2::text[], $3::text[], $4::text[], $5::jsonb[]) AS r (id, status, finding, evidence)
  ON CONFLICT (platform_id, check_id) DO UPDATE
     SET status = excluded.status, finding = excluded.finding, evidence = excluded.evidence, checked_at = excluded.checked_at,
         since = CASE WHEN c.status = excluded.status THEN c.since ELSE excluded.since END`;

export const KEPT_CHECKS = `
  SELECT check_id AS id, status, finding, evidence, since, checked_at AS "checkedAt"
    FROM doctor.platform_check WHERE platform_id = $1`;
