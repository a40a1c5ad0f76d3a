#!/bin/sh
# Makes what a subgraph needs in Postgres, for each of SUBGRAPHS: the database <name>, the login <name>_owner that migrates it,
# and the login <name>_app that the service uses. Nobody else may connect. Its rights on tables <name>_app gets from the
# migration job. Can be run again at any time: a new subgraph is added, a changed password is set.
#
# Reads PGHOST PGUSER PGPASSWORD (psql's own: a superuser) and, for each subgraph, <NAME>_OWNER_PASSWORD and <NAME>_APP_PASSWORD.
set -eu

for name in $SUBGRAPHS; do
  upper=$(printf '%s' "$name" | tr 'a-z-' 'A-Z_')
  eval "owner_password=\${${upper}_OWNER_PASSWORD:-} app_password=\${${upper}_APP_PASSWORD:-}"
  for kind in owner app; do
    eval "password=\$${kind}_password"
    if [ -z "$password" ]; then
      echo "${upper}_$(printf '%s' "$kind" | tr 'a-z' 'A-Z')_PASSWORD is not set: see deploy/README.md" >&2
      exit 1
    fi
  done
  export owner_password app_password

  # \getenv: passwords are neither in the process list nor, thanks to the settings, in the server's log.
  psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=name="$name" --dbname=postgres <<'SQL'
\getenv owner_password owner_password
\getenv app_password app_password
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SELECT format('CREATE ROLE %I', role) FROM (VALUES (:'name' || '_owner'), (:'name' || '_app')) AS wanted(role)
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'name' || '_owner', :'owner_password') \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'name' || '_app', :'app_password') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name' || '_owner')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'name') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'name', :'name' || '_app') \gexec
SQL
  echo "$name: the database and its two logins are there"
done
