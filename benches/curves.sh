#!/usr/bin/env bash
# How the cost of each strategy grows with the population, as whole processes: CPU seconds at each size, and the exponent between the last two
# sizes that ended (1.0 is in proportion, 2.0 is with the square). Markdown, for docs/benchmarks.md.
#
#   benches/curves.sh [SIZE …]      1k 10k 100k where nothing is said
#
# ADIT_PLANTED  the folder with SIZE-n3-s1/assignments.csv and users.csv, as the generator writes them [target/planted]
# ADIT_SECONDS  when a run is given up, and larger ones are not tried [120]
# ADIT          the program to measure [target/release/adit, built first]
set -euo pipefail
cd "$(dirname "$0")/.."
data=${ADIT_PLANTED:-target/planted}
[ -d "$data" ] || { echo "curves.sh: no sets at \`$data\`: set ADIT_PLANTED" >&2; exit 2; }
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
export ADIT=${ADIT:-target/release/adit}
exec python3 - "$data" "${ADIT_SECONDS:-120}" "${@:-1k 10k 100k}" <<'PYTHON'
import math, os, resource, subprocess, sys

data, patience, sizes = sys.argv[1], float(sys.argv[2]), " ".join(sys.argv[3:]).split()
strategies = [
    ("layers", []),
    ("similarity { alike at least 80% }", []),
    ("attributes { members at least 5 }", ["--guided-by", "department,title"]),
    ("em { roles 50 }", []),
    ("cobweb", []),
    ("entitlement-overlap { common at least 90% }", []),
    ("cover { exact }", []),
    ("hierarchy", []),
]


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cost(strategy, more, size):
    """CPU seconds, or why there are none."""
    folder = f"{data}/{size}-n3-s1"
    command = [os.environ["ADIT"], "mine", f"{folder}/assignments.csv", "--using", strategy, "--format", "json"]
    if more:
        command += ["--attributes", f"{folder}/users.csv", *more]
    before = children()
    try:
        run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=patience)
    except subprocess.TimeoutExpired:
        return f"> {patience:g} s"
    if run.returncode == 0:
        return children() - before
    return "refused" if b"limit" in run.stderr or b"more than" in run.stderr else f"failed ({run.returncode})"


def exponent(found):
    ended = [(size, seconds) for size, seconds in found if not isinstance(seconds, str)]
    if len(ended) < 2:
        return ""
    (fewer, before), (more, after) = ended[-2:]
    assignments = [sum(1 for _ in open(f"{data}/{size}-n3-s1/assignments.csv", "rb")) - 1 for size in (fewer, more)]
    return f"{math.log(max(after, 0.01) / max(before, 0.01)) / math.log(assignments[1] / assignments[0]):.1f}"


print("| strategy | " + " | ".join(sizes) + " | exponent |")
print("|---" * (len(sizes) + 2) + "|")
for strategy, more in strategies:
    found = []
    for size in sizes:
        gave_up = found and isinstance(found[-1][1], str)
        found.append((size, "" if gave_up else cost(strategy, more, size)))
    cells = [seconds if isinstance(seconds, str) else f"{seconds:.2f}" for _, seconds in found]
    print(f"| `{strategy}` | " + " | ".join(cells) + f" | {exponent(found)} |", flush=True)
PYTHON
