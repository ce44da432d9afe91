#!/bin/sh
# Puts the libraries of the console's islands into FOLDER, from npm, at build time. Called by Vigie.csproj.
# Where npm or the network is missing the node is built without them: this script always succeeds, says so, and never hangs.
#   fetch.sh FOLDER
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=$1
wanted=$(cat "$here/package.json" "$here/package-lock.json" "$here/fetch.sh" | cksum)

mkdir -p "$out" || exit 0
[ -s "$out/cytoscape.js" ] && [ "$(cat "$out/wanted" 2>/dev/null)" = "$wanted" ] && exit 0
without() { rm -f "$out/cytoscape.js"; date +%s >"$out/absent"; echo "islands: built without the movable map of incidents: $1"; exit 0; }

# A registry that did not answer is not asked again by every build of the next minutes.
if [ -f "$out/absent" ] && [ "$(cat "$out/wanted" 2>/dev/null)" = "$wanted" ] && [ $(($(date +%s) - $(cat "$out/absent"))) -lt 600 ]; then
  echo "islands: built without the movable map of incidents: tried a moment ago"
  exit 0
fi
echo "$wanted" >"$out/wanted"
command -v npm >/dev/null 2>&1 || { rm -f "$out/cytoscape.js"; echo "islands: built without the movable map of incidents: npm is not installed"; exit 0; }

work=$(mktemp -d "$out/work.XXXXXX") || without "no temporary folder"
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$work/"
limit=; command -v timeout >/dev/null 2>&1 && limit="timeout -k 5 120"
(cd "$work" && $limit npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=20000 </dev/null >npm.log 2>&1) || without "npm could not fetch it ($(grep -m1 -o 'E[A-Z]\{4,\}' "$work/npm.log" || echo "see npm ci"))"

library=$work/node_modules/cytoscape
# The licence asks to go with the code.
{ echo '/*!'; sed 's#\*/##g' "$library/LICENSE"; echo '*/'; cat "$library/dist/cytoscape.esm.min.mjs"; } >"$work/cytoscape.js" && [ "$(wc -c <"$work/cytoscape.js")" -gt 100000 ] || without "the package is not as expected"
mv "$work/cytoscape.js" "$out/cytoscape.js" && rm -f "$out/absent"
