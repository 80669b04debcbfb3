#!/bin/sh
# For the official image of PostgreSQL: the login of the hub, which owns nothing and may become two roles (docs/operations.md).
set -eu
psql -v ON_ERROR_STOP=1 -v password="$HUB_DB_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE wxfleet_api NOLOGIN;
CREATE ROLE wxfleet_worker NOLOGIN;
CREATE ROLE wxfleet_hub LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD :'password';
GRANT wxfleet_api, wxfleet_worker TO wxfleet_hub;
SQL
