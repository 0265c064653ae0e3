# A PostgreSQL for one run of the tests, on port $1: says when it is ready, and ends, leaving nothing, when its input closes.
set -eu
bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)")
[ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb)")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$bin/initdb" -D "$folder/data" -U storeroom -A trust -E UTF8 --no-sync >"$folder/log" || { cat "$folder/log" >&2; exit 1; }
# No machine is switched off during a test, so nothing need reach the disk.
"$bin/postgres" -D "$folder/data" -k "$folder" -p "$1" -c listen_addresses=127.0.0.1 -c max_connections=200 \
    -c fsync=off -c deadlock_timeout=200ms >"$folder/log" 2>&1 &
postgres=$!
until "$bin/pg_isready" -q -h 127.0.0.1 -p "$1"; do
    kill -0 $postgres || { cat "$folder/log" >&2; exit 1; }
    sleep 0.05
done
echo ready
read -r _ || true
kill -INT $postgres
wait $postgres || true
