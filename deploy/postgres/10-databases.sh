#!/bin/bash
# Run once by the image of PostgreSQL on an empty data folder: a role that owns three databases and may do nothing else.
set -euo pipefail

psql --username postgres --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/souk_password)" <<'SQL'
create role souk login password :'password';
create database accounts owner souk;
create database orders owner souk;
create database payments owner souk;
revoke connect on database accounts, orders, payments from public;
SQL
