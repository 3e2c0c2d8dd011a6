#!/usr/bin/env bash
# The fewest roles and the least complexity on published data, as whole processes: roles, bound, complexity beside the two policies that take
# no thought, CPU seconds, peak memory. Markdown, for docs/benchmarks.md.
#
#   benches/covers.sh [hp|rmplib]        both where nothing is said
#
# ADIT_DATASETS  the folder with `hp/SET/assignments.csv` and `rmplib/SET/assignments.csv` [../shared/datasets]
# ADIT           the program to measure [target/release/adit, built first]
set -euo pipefail
cd "$(dirname "$0")/.."
data=${ADIT_DATASETS:-../shared/datasets}
[ -d "$data" ] || { echo "covers.sh: no data at \`$data\`: set ADIT_DATASETS" >&2; exit 2; }
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
adit=${ADIT:-target/release/adit}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# mined FILE STRATEGY: the measures that the format asks for, then CPU seconds and MiB.
mined() {
  /usr/bin/time -f '%U %S %M' -o "$scratch/time" "$adit" mine "$1" --using "$2" --format json >"$scratch/mined.json"
  python3 - "$scratch" "$3" <<'PYTHON'
import json, sys
folder, form = sys.argv[1:]
measures = json.load(open(f"{folder}/mined.json"))["measures"]
rows, columns = (measures["baselines"][f"one_role_per_distinct_{line}"]["wsc"] for line in ("row", "column"))
user, system, memory = map(float, open(f"{folder}/time").read().split())
print(form.format(**measures, rows=rows, columns=columns, cpu=user + system, mib=memory / 1024), end="")
PYTHON
}

if [ "${1:-hp}" = hp ]; then
  echo "| set | roles | bound | CPU s | flat | CPU s | hierarchy | CPU s | per distinct row | per distinct column |"
  echo "|---|---|---|---|---|---|---|---|---|---|"
  for set in healthcare domino emea firewall1 apj customer americas_large; do
    file=$data/hp/$set/assignments.csv
    printf '| %s ' "$set"
    mined "$file" cover '| {roles} | {lower_bound} | {cpu:.2f} '
    mined "$file" 'hierarchy { weights 1, 1, 1 }' '| {wsc} | {cpu:.1f} '
    mined "$file" 'hierarchy { weights 1, 1, 1, 1 }' '| {wsc} | {cpu:.1f} | {rows} | {columns} |'
    echo
  done
fi
if [ "${1:-rmplib}" = rmplib ]; then
  echo "| set | roles | bound | CPU s | MiB |"
  echo "|---|---|---|---|---|"
  for file in "$data"/rmplib/*/assignments.csv "$data"/university/assignments.csv; do
    [ -f "$file" ] || continue
    printf '| %s ' "$(basename "$(dirname "$file")")"
    mined "$file" cover '| {roles} | {lower_bound} | {cpu:.2f} | {mib:.0f} |'
    echo
  done
fi
