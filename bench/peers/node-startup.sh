#!/usr/bin/env bash
# Start to ready, and idle memory, of the node as it is shipped (ReadyToRun).
#   bench/peers/node-startup.sh [RUNS]
# Prints one line a run, then the medians against their budgets; exit code 1 when a budget is missed.
set -euo pipefail
runs=${1:-5}
settle=${SETTLE:-15}          # seconds of idling before memory is read
budget_ms=2000 budget_mb=150
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
"$root/vigie" --version >/dev/null
node=$(readlink -f "$root/artifacts/node")/vigie

data=$(mktemp -d)
process=
stop() { [[ -z $process ]] || { kill "$process" 2>/dev/null && wait "$process" 2>/dev/null; } || true; rm -rf "$data"; }
trap stop EXIT
cat >"$data/vigie.yaml" <<YAML
mail:
  milter:
    tcp: 127.0.0.1:0
YAML

median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

times=() memory=()
for ((run = 1; run <= runs; run++)); do
  started=$(date +%s%N)
  "$node" up --settings "$data/vigie.yaml" --data "$data" --port 0 >"$data/out" 2>"$data/err" &
  process=$!
  # The file is written once every part has started and every port is open.
  until [[ -s $data/run/endpoints.json ]]; do
    kill -0 "$process" 2>/dev/null || { cat "$data/err" >&2; exit 3; }
    sleep 0.005
  done
  ready=$((($(date +%s%N) - started) / 1000000))
  console=$(grep -o 'http://[^"]*' "$data/run/endpoints.json" | head -1)
  [[ $(curl -s -o "$data/ready" -w '%{http_code}' "$console/readyz") == 200 ]] || { cat "$data/ready" >&2; exit 3; }
  sleep "$settle"
  mb=$(($(awk '/^VmRSS/ {print $2}' "/proc/$process/status") / 1000))
  kill "$process"; wait "$process" || true; process=
  times+=("$ready") memory+=("$mb")
  # The first run makes the store; the others open it.
  echo "run $run: ready after $ready ms, $mb MB resident after $settle s idle"
done

ms=$(median "${times[@]}") mb=$(median "${memory[@]}")
echo "start to ready, median of $runs: $ms ms (budget $budget_ms ms)"
echo "idle memory, median of $runs: $mb MB (budget $budget_mb MB)"
((ms <= budget_ms && mb <= budget_mb))
