#!/bin/sh
# Makes the folder secrets/ that compose.yaml reads: random ones are made once, what only you can know is left empty.
# What is there is never changed. The folder is yours alone; the files in it are read by the users of the containers.
set -eu
umask 077
mkdir -p secrets
chmod 700 secrets

keep() {  # NAME TEXT
    [ -e "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"
    chmod 644 "secrets/$1"
}
random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
read_of() { cat "secrets/$1"; }

for name in postgres_password owner_password application_password operator_password valkey_password; do
    keep "$name" "$(random 24)"
done
keep owner_database_url "postgresql://callstore_owner:$(read_of owner_password)@postgres:5432/callstore"
keep operator_database_url "postgresql://callstore_hand:$(read_of operator_password)@postgres:5432/callstore"
keep database_url "postgresql://callstore:$(read_of application_password)@postgres:5432/callstore"
keep redis_url "redis://:$(read_of valkey_password)@valkey:6379/0"
keep secret_key "$(random 32)"
keep log_key "$(head -c 32 /dev/urandom | base64)"
for name in twilio_accounts openai_webhook_secrets openai_api_key ingest_tokens api_tokens \
    oidc_client_secret email_url alert_urls database_replica_url aws_secret_access_key aws_session_token; do
    keep "$name" ""
done
echo "secrets/ is there. Fill in: twilio_accounts, openai_webhook_secrets, openai_api_key, ingest_tokens,"
echo "api_tokens."
echo "Keep a copy of secrets/log_key elsewhere: without it no personal field of the log can be read again."
