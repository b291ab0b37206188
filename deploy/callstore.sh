#!/bin/sh
# /usr/local/sbin/callstore: a command of ours as root calls it, `callstore create_user ada --role admin`. It runs as the
# user callstore with all settings, and with the database's role of the application. Before it, AS=owner or AS=operator
# chooses another: `AS=owner callstore retire_month --due`, `AS=operator callstore erase CALL --reason R`.
set -eu
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin  # cron's has no runuser
folder=${CALLSTORE_CONFIG:-/etc/callstore}
set -a
. "$folder/callstore.env"
for file in "$folder"/secrets/*; do
    name=$(basename "$file" | tr a-z A-Z)
    eval "$name=\$(cat \"\$file\")"
done
CALLSTORE_DATA_DIR=${CALLSTORE_DATA_DIR:-/var/lib/callstore}
case ${AS:-} in
    owner) DATABASE_URL=$OWNER_DATABASE_URL ;;
    operator) DATABASE_URL=$OPERATOR_DATABASE_URL ;;
esac
unset OWNER_DATABASE_URL OPERATOR_DATABASE_URL
unset POSTGRES_PASSWORD OWNER_PASSWORD APPLICATION_PASSWORD OPERATOR_PASSWORD VALKEY_PASSWORD
cd "$CALLSTORE_DATA_DIR"
exec runuser -u callstore -- /opt/callstore/bin/python -m callstore "$@"
