#!/usr/bin/env bash
# Live logs: a steady rate of events over HTTP (_bulk) and TCP syslog into the node as it is shipped, with all rules.
#   bench/peers/live-logs.sh [RULES] [RATE] [SECONDS]
# RULES: folder of Sigma rules beside the built-in ones (default: the public rules of VIGIE_DATA or ../shared/data).
# Prints what was sent, found, lost and doubled, the time from event to finding, and the processor time of the node
# and of the generator, which share the machine. Exit code 1 when something was lost, doubled, too slow or too late.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
rules=${1:-${VIGIE_DATA:-$root/../shared/data}/sigma}
rate=${2:-20000} seconds=${3:-60}
rule=0c6c2f0e-6f3e-4c55-8d40-1f0b8f3b7a11
if [[ -n ${NODE:-} ]]; then node=$NODE; else
  "$root/vigie" --version >/dev/null
  node=$(readlink -f "$root/artifacts/node")/vigie
fi
generator=${GENERATOR:-}
if [[ -z $generator ]]; then
  dotnet build -c Release -v q "$root/bench/Vigie.Benchmarks" >/dev/null
  generator="dotnet $root/artifacts/bin/Vigie.Benchmarks/release/Vigie.Benchmarks.dll"
fi

data=$(mktemp -d)
process=
stop() { [[ -z $process ]] || { kill "$process" 2>/dev/null && wait "$process" 2>/dev/null; } || true; rm -rf "$data"; }
trap stop EXIT
mkdir -p "$data/rules"
cat >"$data/rules/mark.yml" <<YAML
title: A mark of the live run
id: $rule
status: test
logsource: {product: windows, category: process_creation}
detection:
  selection:
    ParentCommandLine|startswith: live-mark-
  condition: selection
level: low
YAML
lists=()
for folder in "$rules" "$rules"/rules*; do [[ -d $folder && $folder == */rules* ]] && lists+=("\"$folder\""); done
[[ ${#lists[@]} -gt 0 ]] || lists=("\"$rules\"")
cat >"$data/vigie.yaml" <<YAML
mail: {milter: {tcp: "127.0.0.1:0"}}
logs:
  rules: [$(IFS=,; echo "${lists[*]}")]
  maxSameFindings: 10000000
  maxRuleFindings: 100000000
  sources:
    - {name: http, kind: http, listen: "127.0.0.1:0"}
    - {name: tcp, kind: syslog-tcp, format: json, listen: "127.0.0.1:0"}
YAML
"$node" up --settings "$data/vigie.yaml" --data "$data" --port 0 >"$data/out" 2>"$data/err" &
process=$!
until grep -q 'logs.http' "$data/run/endpoints.json" 2>/dev/null && grep -q 'logs.tcp' "$data/run/endpoints.json"; do
  kill -0 "$process" 2>/dev/null || { cat "$data/err" "$data/out" >&2; exit 3; }
  sleep 0.1
done
grep -h 'rules of' "$data/out" "$data/err" || true
http=$(grep -A1 '"logs.http"' "$data/run/endpoints.json" | grep -o 'http://[^"]*')
tcp=$(grep -A1 '"logs.tcp"' "$data/run/endpoints.json" | grep -o '127[^"]*')
result=0
$generator live-logs --http "$http" --tcp "$tcp" --rate "$rate" --seconds "$seconds" --node "$process" --store "$data/vigie.db" --rule "$rule" || result=$?
grep -hE ' (warn|error) ' "$data/out" "$data/err" | grep -v 'A rule is not used' | tail -5 || true
exit "$result"
