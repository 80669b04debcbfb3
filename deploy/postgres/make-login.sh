#!/bin/sh
# For the official image of PostgreSQL, run once on an empty volume: the login of the hub. It owns nothing and may become two
# roles; the owner of the schema is a member of both, so that it can act as they do (docs/operations.md, "Logins").
set -eu
psql -v ON_ERROR_STOP=1 -v password="$HUB_DB_PASSWORD" -v owner="$POSTGRES_USER" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE wxfleet_api NOLOGIN;
CREATE ROLE wxfleet_worker NOLOGIN;
CREATE ROLE wxfleet_hub LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD :'password';
GRANT wxfleet_api, wxfleet_worker TO wxfleet_hub;
GRANT wxfleet_api, wxfleet_worker TO :"owner";
SQL
