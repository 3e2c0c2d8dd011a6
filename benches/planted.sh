#!/usr/bin/env bash
# What `adit mine` finds of the roles that were planted in synthetic enterprises, as whole processes: recall, precision, over-grant, coverage, the
# adjusted Rand index of primary roles against planted jobs, CPU seconds and peak memory; beside each what all that can
# be seen would score, and the best guess at the rest. Markdown, for docs/benchmarks.md.
#
#   benches/planted.sh [SET …]       all folders of ADIT_PLANTED where nothing is said
#
# ADIT_PLANTED  the folder with SET/assignments.csv, truth_roles.csv, truth_user_roles.csv, as the generator writes them [target/planted]
# ADIT_SCORE    the scorer [../shared/tools/score_planted.py]
# ADIT          the program to measure [target/release/adit, built first]
set -euo pipefail
cd "$(dirname "$0")/.."
export ADIT_PLANTED=${ADIT_PLANTED:-target/planted} ADIT_SCORE=${ADIT_SCORE:-../shared/tools/score_planted.py}
[ -d "$ADIT_PLANTED" ] || { echo "planted.sh: no sets at \`$ADIT_PLANTED\`: set ADIT_PLANTED" >&2; exit 2; }
[ -f "$ADIT_SCORE" ] || { echo "planted.sh: no scorer at \`$ADIT_SCORE\`: set ADIT_SCORE" >&2; exit 2; }
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
export ADIT=${ADIT:-target/release/adit}
exec python3 benches/planted.py "$@"
