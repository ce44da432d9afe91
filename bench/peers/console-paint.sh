#!/usr/bin/env bash
# How soon the console's pages show something with 100,000 findings and 2,000 incidents in the store.
#   bench/peers/console-paint.sh
# Prints the first contentful paint as Chromium reports it, in milliseconds, a line a page: cold (nothing of the page kept, first
# question to the store) and warm (median of three more visits). Exit code 1 when one is above the budget.
set -euo pipefail
budget_ms=1000
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
dotnet build "$root/test/Vigie.Tests" -c Release -v q -nologo >&2
VIGIE_PAINT=$figures "$root/artifacts/bin/Vigie.Tests/release/Vigie.Tests" -noLogo -noColor -explicit only -class Vigie.Tests.Console.FirstPaintTests >&2
[[ -s $figures ]] || { echo "nothing was measured: is Chromium installed?" >&2; exit 3; }
echo "  cold   warm  page (first contentful paint, ms; 100,000 findings, 2,000 incidents; budget $budget_ms ms)"
cat "$figures"
awk -v budget=$budget_ms '$1 > budget || $2 > budget { slow = 1 } END { exit slow }' "$figures"
