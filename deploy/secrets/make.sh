#!/bin/sh
# Makes the passwords and keys of the composed shop once, and hands each service its own, readable by it alone. Run by the
# service `secrets` as root, before the others start. What is there already stays.
#
# To bring your own, put them into the volumes before the first start, under the names used here.
set -eu

random() { head -c 24 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }

# keep FILE OWNER: standard input, unless the file is there.
keep() {
    if [ ! -s "$1" ]; then
        cat >"$1.new"
        chmod 0400 "$1.new"
        chown "$2" "$1.new"
        # Last, so that half a secret is never taken for a whole one.
        mv "$1.new" "$1"
    else
        cat >/dev/null
    fi
}

umask 077
postgres=999:999 mongo=999:999 redis=999:999 souk=10001:10001

random | keep /all/postgres 0:0
random | keep /all/postgres_souk 0:0
random | keep /all/mongo 0:0
random | keep /all/mongo_souk 0:0
# MongoDB takes the letters of base64 only, so this one is not made for a URL.
head -c 48 /dev/urandom | base64 -w 0 | keep /all/mongo_keyfile 0:0
random | keep /all/redis 0:0
random | keep /all/sandbox_key 0:0
random | keep /all/sandbox_webhook 0:0
read_secret() { cat "/all/$1"; }

read_secret postgres | keep /postgres/password "$postgres"
read_secret postgres_souk | keep /postgres/souk_password "$postgres"
read_secret mongo | keep /mongo/password "$mongo"
read_secret mongo_souk | keep /mongo/souk_password "$mongo"
read_secret mongo_keyfile | keep /mongo/keyfile "$mongo"
read_secret redis | keep /redis/password "$redis"
echo "requirepass $(read_secret redis)" | keep /redis/password.conf "$redis"

# What differs from the default configuration because of a secret; the rest is in docker-compose.yml.
keep /souk/souk.toml "$souk" <<TOML
bus = "redis://:$(read_secret redis)@redis:6379"

[stores]
products = "mongodb://souk:$(read_secret mongo_souk)@mongo-1,mongo-2,mongo-3/souk?replicaSet=souk&authSource=souk"
accounts = "postgres://souk:$(read_secret postgres_souk)@postgres/accounts"
orders = "postgres://souk:$(read_secret postgres_souk)@postgres/orders"
payments = "postgres://souk:$(read_secret postgres_souk)@postgres/payments"
chat = "redis://:$(read_secret redis)@redis:6379"

[sandbox]
api_key = "$(read_secret sandbox_key)"
webhook_secret = "$(read_secret sandbox_webhook)"
TOML
echo "secrets are in place"
