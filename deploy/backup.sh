#!/bin/sh
# /usr/local/sbin/callstore-backup FOLDER [DAYS]: a dump of the database and, from before it, the seals that it has to hold;
# those older than DAYS (7) go. What an erased call was stands in them until then. LOG_KEY, without which a dump opens
# nothing, and recordings are not in it: docs/operations.md, "Backup and restore".
set -eu
umask 077
PATH=/usr/local/sbin:${PATH:-/usr/bin:/bin}  # cron's has no `callstore`
[ $# -gt 0 ] || { echo "usage: callstore-backup FOLDER [DAYS]" >&2; exit 2; }
folder=$1 days=${2:-7}
url=${CALLSTORE_CONFIG:-/etc/callstore}/secrets/owner_database_url
mkdir -p "$folder"
made=$folder/callstore-$(date -u +%Y-%m-%dT%H%M%SZ)

callstore export_seals >"$made.seals.jsonl.part"
# By its environment: what stands in a command is seen by everybody on the machine.
/opt/callstore/bin/python - "$url" --format=custom --file="$made.dump.part" <<'PYTHON'
import os, sys
from pathlib import Path
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo
names = {one.keyword.decode(): one.envvar.decode() for one in Conninfo.get_defaults() if one.envvar}
told = conninfo_to_dict(Path(sys.argv[1]).read_text().strip())
os.environ.update({names[key]: str(value) for key, value in told.items() if key in names})
os.execvp("pg_dump", ["pg_dump", *sys.argv[2:]])
PYTHON
pg_restore --list "$made.dump.part" >/dev/null
for kind in seals.jsonl dump; do mv "$made.$kind.part" "$made.$kind"; done
find "$folder" -maxdepth 1 -type f -name 'callstore-*' -mtime "+$days" -delete
