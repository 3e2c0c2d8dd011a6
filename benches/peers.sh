#!/usr/bin/env bash
# Adit beside its peers, WEKA and scikit-learn, on the same data in one run: CPU time, peak memory and the adjusted Rand index of what each
# found against the planted jobs. Installs what it needs (Debian's `weka`, scikit-learn in a folder of its own).
#
#   benches/peers.sh [SIZE …]        sizes of the synthetic enterprise, 1000 and 10000 where nothing is said; above 10000 without EM and
#                                    Cobweb, above 100000 only the decision tree
#
# ADIT_GENERATE  the generator of synthetic enterprises [../shared/tools/generate.py]
# ADIT_PEERS     where data and packages are kept between runs [target/peers]
# ADIT_PATIENCE  seconds that one run of a peer may take [500]
set -euo pipefail
cd "$(dirname "$0")/.."
export ADIT_GENERATE=${ADIT_GENERATE:-../shared/tools/generate.py} ADIT_PEERS=${ADIT_PEERS:-target/peers}
[ -f "$ADIT_GENERATE" ] || { echo "peers.sh: no generator at \`$ADIT_GENERATE\`: set ADIT_GENERATE" >&2; exit 2; }
mkdir -p "$ADIT_PEERS"
weka=/usr/share/java/weka.jar
if [ ! -f "$weka" ] || ! command -v java >/dev/null || [ ! -x /usr/bin/time ]; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends weka default-jre-headless time
fi
[ -d "$ADIT_PEERS/python" ] || python3 -m venv "$ADIT_PEERS/python"
"$ADIT_PEERS/python/bin/python" -c 'import sklearn, numpy' 2>/dev/null ||
  "$ADIT_PEERS/python/bin/pip" install --quiet numpy scikit-learn
cargo build --release --quiet --bin adit
cargo build --release --quiet -p adit-compiler --example learn
exec "$ADIT_PEERS/python/bin/python" benches/peers.py "$weka" "${@:-1000 10000}"
