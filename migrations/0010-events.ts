import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, reach, rowRules } from './row-rules.ts';

/**
 * The change feed. An event is written in the transaction of its fact with `seq` null; the sequencer numbers what has been
 * committed, without gaps per platform. Numbers drawn before the commit (an identity column) would be passed by readers while
 * their transactions are open.
 */
export class Events1764000000010 implements MigrationInterface {
  name = 'Events1764000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(createSchema('events'));
    await queryRunner.query(TABLES);
    await queryRunner.query(RULES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP SCHEMA events CASCADE');
  }
}

const TABLES = `
  CREATE TABLE events.event (
    platform_id int NOT NULL,
    event_id bigint GENERATED ALWAYS AS IDENTITY,
    seq bigint,                            -- place in the feed of the platform; null until it is numbered (milliseconds)
    type text NOT NULL,
    authorizer_appid text,
    merchant_id text,                      -- whose account it was then: keys limited to that merchant may read it
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    data jsonb NOT NULL,
    PRIMARY KEY (platform_id, event_id)
  );
  CREATE UNIQUE INDEX event_order ON events.event (platform_id, seq) WHERE seq IS NOT NULL;
  CREATE INDEX event_of_merchant ON events.event (platform_id, merchant_id, seq) WHERE seq IS NOT NULL AND merchant_id IS NOT NULL;
  CREATE INDEX event_of_authorizer ON events.event (platform_id, authorizer_appid, seq) WHERE seq IS NOT NULL AND authorizer_appid IS NOT NULL;
  CREATE INDEX event_unnumbered ON events.event (event_id) WHERE seq IS NULL;
  CREATE TABLE events.feed_head (
    platform_id int NOT NULL PRIMARY KEY,
    seq bigint NOT NULL,                   -- the newest event
    floor_seq bigint NOT NULL DEFAULT 0,   -- the newest event that has been removed
    CHECK (floor_seq <= seq)
  );
  CREATE TABLE events.webhook_endpoint (
    platform_id int NOT NULL,
    endpoint_id text NOT NULL,
    url text NOT NULL,
    description text,
    event_types text[],                    -- null: all
    merchant_ids text[],                   -- null: all
    ordering text NOT NULL CHECK (ordering IN ('per_authorizer', 'none')),
    format text NOT NULL CHECK (format IN ('standard', 'wecom', 'dingtalk', 'feishu')),
    signature text NOT NULL CHECK (signature IN ('v1', 'v1a')),
    max_per_second int,
    sealed_secret bytea NOT NULL,
    sealed_previous_secret bytea,
    previous_until timestamptz,            -- both sign until then
    public_key text,                       -- of v1a
    state text NOT NULL DEFAULT 'enabled' CHECK (state IN ('enabled', 'disabled')),
    disabled_at timestamptz,
    disabled_reason text CHECK (disabled_reason IN ('gone', 'failing', 'request')),
    failing_since timestamptz,             -- first failure since the last success
    failures int NOT NULL DEFAULT 0,       -- since then
    succeeded_at timestamptz,
    fanned_out_seq bigint NOT NULL,        -- deliveries have been made up to this event
    robot_sent jsonb NOT NULL DEFAULT '{}',  -- by type: when the last digest went out
    lease_generation bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,               -- one process delivers to an endpoint
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    created_by text NOT NULL,
    PRIMARY KEY (platform_id, endpoint_id)
  );
  -- No foreign keys: deliveries are written by the thousand, and a removed endpoint takes its deliveries with it.
  CREATE TABLE events.delivery (
    platform_id int NOT NULL,
    delivery_id bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id text NOT NULL,
    seq bigint NOT NULL,                   -- the event
    type text NOT NULL,
    authorizer_appid text,
    trigger text NOT NULL CHECK (trigger IN ('event', 'replay')),
    replay_id bigint,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    last_status int,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    finished_at timestamptz,
    PRIMARY KEY (platform_id, delivery_id)
  );
  CREATE INDEX delivery_due ON events.delivery (platform_id, endpoint_id, next_attempt_at, delivery_id) WHERE state = 'pending';
  CREATE INDEX delivery_order ON events.delivery (authorizer_appid, seq) WHERE state = 'pending';
  CREATE INDEX delivery_of_endpoint ON events.delivery (platform_id, endpoint_id, delivery_id);
  CREATE INDEX delivery_of_event ON events.delivery (platform_id, endpoint_id, seq);
  CREATE TABLE events.delivery_attempt (
    platform_id int NOT NULL,
    delivery_id bigint NOT NULL,
    no int NOT NULL,
    endpoint_id text NOT NULL,
    at timestamptz NOT NULL,
    duration_ms int NOT NULL,
    status int,
    error text,
    detail text,
    response_excerpt text,                 -- 1,000 bytes at most
    address text,
    PRIMARY KEY (platform_id, delivery_id, no)
  );
  -- Attempts by the hour in which they began (UTC), counted as they are written: a look at a month reads 720 rows at most.
  CREATE TABLE events.attempt_hour (
    platform_id int NOT NULL,
    endpoint_id text NOT NULL,
    hour timestamptz NOT NULL,
    delivered bigint NOT NULL,
    failed bigint NOT NULL,
    PRIMARY KEY (platform_id, endpoint_id, hour)
  );
  CREATE INDEX attempt_hour_age ON events.attempt_hour (hour);
  CREATE TABLE events.replay (
    platform_id int NOT NULL,
    replay_id bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id text NOT NULL,
    after_seq bigint NOT NULL,
    until_seq bigint NOT NULL,
    types text[],
    authorizer_appids text[],
    which text NOT NULL CHECK (which IN ('failed', 'undelivered', 'all')),
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done')),
    matched bigint NOT NULL,               -- when it was asked for
    next_seq bigint NOT NULL,              -- deliveries have been made up to this event
    queued bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    created_by text NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (platform_id, replay_id)
  );
  CREATE INDEX replay_running ON events.replay (platform_id, endpoint_id, replay_id) WHERE state = 'running';
  -- Where pushes and customers' messages are passed on to.
  CREATE TABLE events.relay (
    platform_id int NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    source text NOT NULL CHECK (source IN ('messages', 'events', 'both')),
    match jsonb NOT NULL,                  -- {msg_types, events, info_types, authorizer_appids}; absent: all
    mode text NOT NULL CHECK (mode IN ('notify', 'reply', 'raw')),
    deadline_ms int NOT NULL CHECK (deadline_ms BETWEEN 500 AND 14000),
    enabled boolean NOT NULL,
    sealed_secret bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    created_by text NOT NULL,
    PRIMARY KEY (platform_id, name)
  );
  -- One row for a message, however often WeChat delivers it: who asks the backend, and what it answered.
  CREATE TABLE events.relay_call (
    platform_id int NOT NULL,
    message_key bytea NOT NULL,            -- SHA-256 of what makes the message the same
    state text NOT NULL CHECK (state IN ('running', 'answered')),
    lease_until timestamptz NOT NULL,
    sealed_answer bytea,                   -- for WeChat's next attempt; null half a minute later
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    answered_at timestamptz,
    PRIMARY KEY (platform_id, message_key)
  );
  CREATE INDEX relay_call_age ON events.relay_call (created_at);
  -- Messages on their way to a backend that only wants to know; gone when delivered, after 72 hours at most.
  CREATE TABLE events.relay_message (
    platform_id int NOT NULL,
    message_key bytea NOT NULL,
    relay_name text NOT NULL,
    sealed_body bytea NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    lease_generation bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
    PRIMARY KEY (platform_id, message_key, relay_name)
  );
  CREATE INDEX relay_message_due ON events.relay_message (platform_id, relay_name, next_attempt_at);
  -- Whether the caller sees the endpoint: what belongs to one is shown with it.
  CREATE FUNCTION events.sees_endpoint(platform int, endpoint text) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE COST 2000 AS $$
  BEGIN
    RETURN EXISTS (SELECT FROM events.webhook_endpoint w WHERE w.platform_id = platform AND w.endpoint_id = endpoint);
  END $$;
`;

/** A key limited to merchants sees endpoints that are limited at least as much. */
const ENDPOINT_REACH = `${reach.platform} AND ((SELECT wxfleet.every_merchant())
  OR merchant_ids <@ (SELECT wxfleet.tenant_merchants())::text[])`;
const OF_ENDPOINT = `${reach.platform} AND ((SELECT wxfleet.every_merchant()) OR events.sees_endpoint(platform_id, endpoint_id))`;

const RULES = rowRules({
  'events.event': {
    reach: reach.merchant,
    api: ['SELECT', 'INSERT (platform_id, type, authorizer_appid, merchant_id, occurred_at, data)'],
    // A caller limited to one merchant may cause an event of another: an account that it gives away.
    mayInsert: reach.platform,
  },
  'events.feed_head': { reach: reach.platform, api: ['SELECT'] },
  'events.webhook_endpoint': {
    reach: ENDPOINT_REACH,
    api: ['SELECT ({open})', 'INSERT', 'UPDATE', 'DELETE'],
    hidden: ['sealed_secret', 'sealed_previous_secret'],
  },
  'events.delivery': {
    reach: OF_ENDPOINT,
    api: ['SELECT', 'UPDATE (state, next_attempt_at, attempts, finished_at)', 'DELETE'],
  },
  'events.delivery_attempt': { reach: OF_ENDPOINT, api: ['SELECT', 'DELETE'] },
  'events.attempt_hour': { reach: OF_ENDPOINT, api: ['SELECT', 'DELETE'] },
  'events.relay': {
    reach: reach.whole,
    api: ['SELECT ({open})', 'INSERT', 'UPDATE', 'DELETE'],
    hidden: ['sealed_secret'],
  },
  'events.relay_call': { reach: reach.whole },
  'events.relay_message': { reach: reach.whole },
  'events.replay': { reach: OF_ENDPOINT, api: ['SELECT', 'INSERT', 'DELETE'] },
});
