import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Console users and their sessions, brakes on guessing, keys that replace keys, and the chain of the audit trail. */
export class Principals1764000007500 implements MigrationInterface {
  name = 'Principals1764000007500';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE access.api_key ADD COLUMN replaced_by text;  -- the key that this one was rotated to

      CREATE TABLE access.console_user (
        user_id text PRIMARY KEY,
        platform_id int,                       -- null: the whole installation (role operator)
        username text NOT NULL UNIQUE,         -- lower case
        role text NOT NULL CHECK (role IN ('viewer', 'admin', 'operator')),
        password_hash text NOT NULL,           -- scrypt with its parameters and salt
        created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        created_by text NOT NULL,
        password_changed_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        disabled_at timestamptz,
        last_login_at timestamptz,
        CHECK ((platform_id IS NULL) = (role = 'operator'))
      );
      CREATE INDEX console_user_of_platform ON access.console_user (platform_id, username);
      CREATE TABLE access.session (
        session_id text PRIMARY KEY,
        platform_id int,
        user_id text NOT NULL REFERENCES access.console_user ON DELETE CASCADE,
        token_digest bytea NOT NULL UNIQUE,    -- SHA-256 of what the cookie holds (256 random bits)
        address text,
        created_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        last_seen_at timestamptz NOT NULL DEFAULT wxfleet.now(),
        expires_at timestamptz NOT NULL,       -- whatever happens; it also ends when it is idle for too long
        ended_at timestamptz
      );
      CREATE INDEX session_of_user ON access.session (user_id);
      CREATE INDEX session_expiry ON access.session (expires_at);
      -- Failed logins, by user name (whether there is such a user or not) and by address.
      CREATE TABLE access.login_brake (
        kind text NOT NULL CHECK (kind IN ('user', 'address')),
        who_digest bytea NOT NULL,
        failures int NOT NULL,
        failed_at timestamptz NOT NULL,
        locked_until timestamptz NOT NULL,
        PRIMARY KEY (kind, who_digest)
      );

      ALTER TABLE access.audit_event
        ADD COLUMN merchant_id text,           -- on whose behalf, where it concerns one merchant
        ADD COLUMN seq bigint,                 -- place in the chain; null until the next link is made (about a second)
        ADD COLUMN hash bytea,                 -- SHA-256 over the hash before and this event
        ADD CHECK ((seq IS NULL) = (hash IS NULL));
      CREATE UNIQUE INDEX audit_event_chain ON access.audit_event (seq) WHERE seq IS NOT NULL;
      CREATE INDEX audit_event_unchained ON access.audit_event (id) WHERE seq IS NULL;
      CREATE INDEX audit_event_of_merchant ON access.audit_event (platform_id, merchant_id, id DESC) WHERE merchant_id IS NOT NULL;
      -- The end of the chain: without it, cutting off the newest events would not be seen.
      CREATE TABLE access.audit_head (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        seq bigint NOT NULL,
        hash bytea NOT NULL,
        chained_at timestamptz NOT NULL
      );
      INSERT INTO access.audit_head (seq, hash, chained_at) VALUES (0, sha256('wxfleet audit chain'), wxfleet.now());
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE access.audit_head;
      ALTER TABLE access.audit_event DROP COLUMN merchant_id, DROP COLUMN seq, DROP COLUMN hash;
      DROP TABLE access.login_brake;
      DROP TABLE access.session;
      DROP TABLE access.console_user;
      ALTER TABLE access.api_key DROP COLUMN replaced_by;
    `);
  }
}
