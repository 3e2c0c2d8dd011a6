#!/usr/bin/env bash
# How long `similarity` takes, as a whole process: benches/similarity.sh FOLDER… (each with an assignments.csv). ADIT names the binary.
set -euo pipefail
adit=${ADIT:-target/release/adit}
for folder in "$@"; do
  TIMEFORMAT="$(basename "$folder"): %U s user, %S s system, %R s in all"
  time "$adit" mine "$folder/assignments.csv" --using 'similarity { alike at least 80%; members at least 5; overlap at least 5 }' \
    --format json >/dev/null
done
