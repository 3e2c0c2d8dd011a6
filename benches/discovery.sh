#!/usr/bin/env bash
# What `from every role` finds of roles that exist and are wrong: the planted roles of a synthetic enterprise, of every tenth of which one grant was taken
# out and a wrong one put in. How many come back and go, what else would change, and what the build takes as a whole process, with reading, linting
# and writing. Markdown, for docs/benchmarks.md.
#
#   benches/discovery.sh [SET …]     10k-n3-s1 100k-n3-s1 where nothing is said
#
# ADIT_PLANTED  the folder with SET/assignments.csv, users.csv, entitlements.csv, truth_roles.csv, truth_user_roles.csv [target/planted]
# ADIT          the program to measure [target/release/adit, built first]
set -euo pipefail
cd "$(dirname "$0")/.."
export ADIT_PLANTED=${ADIT_PLANTED:-target/planted}
[ -d "$ADIT_PLANTED" ] || { echo "discovery.sh: no sets at \`$ADIT_PLANTED\`: set ADIT_PLANTED" >&2; exit 2; }
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
export ADIT=${ADIT:-target/release/adit}
[ $# -gt 0 ] || set -- 10k-n3-s1 100k-n3-s1
exec python3 benches/discovery.py "$@"
