#!/usr/bin/env bash
# What `--guided-by department,title,location` adds to `layers` on synthetic enterprises: planted roles found, how much of the mined ones is planted,
# and how well the nearest one or two attribute values say who has each role. Markdown, for docs/benchmarks.md.
#
#   benches/guided.sh SET …
#
# ADIT_PLANTED  the folder with SET/assignments.csv, users.csv and the truth, as the generator writes them [target/planted]
# ADIT_SCORE    the scorer [../shared/tools/score_planted.py]
# ADIT          the program to measure [target/release/adit, built first]
set -euo pipefail
cd "$(dirname "$0")/.."
export ADIT_PLANTED=${ADIT_PLANTED:-target/planted} ADIT_SCORE=${ADIT_SCORE:-../shared/tools/score_planted.py}
[ -d "$ADIT_PLANTED" ] || { echo "guided.sh: no sets at \`$ADIT_PLANTED\`: set ADIT_PLANTED" >&2; exit 2; }
[ -f "$ADIT_SCORE" ] || { echo "guided.sh: no scorer at \`$ADIT_SCORE\`: set ADIT_SCORE" >&2; exit 2; }
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
export ADIT=${ADIT:-target/release/adit}
exec python3 - "$@" <<'PYTHON'
import json, os, subprocess, sys, tempfile


def figures(name, more):
    folder = f"{os.environ['ADIT_PLANTED']}/{name}"
    command = [os.environ["ADIT"], "mine", f"{folder}/assignments.csv", "--attributes", f"{folder}/users.csv", "--format", "json"]
    with tempfile.NamedTemporaryFile("wb") as out:
        subprocess.run(command + ["--quality", "never"] + more, stdout=out, stderr=subprocess.DEVNULL, check=True)
        score = subprocess.run(["python3", os.environ["ADIT_SCORE"], folder, out.name], stdout=subprocess.PIPE, text=True, check=True)
        mined = json.load(open(out.name))
    scored = dict(line.split(" ", 1) for line in score.stdout.splitlines())
    near = [role["explained"] for role in mined["roles"]]
    both, either = 2 * sum(it["both"] for it in near), sum(it["matched"] + it["members"] for it in near)
    percent = lambda text: f"{float(text.split()[0]):.1%}"
    return [
        scored["recall.job"].split("(")[1].rstrip(")").replace("/", " of "), percent(scored["recall"]), percent(scored["precision"]),
        percent(scored["over_grant"]), f"{both / either:.1%}", f"{len(near):,}", f"{mined['measures']['wsc']:,}",
    ]


print("| set | guided | jobs found | recall | precision | over-grant | fit | roles | complexity |")
print("|" + "---|" * 9)
for name in sys.argv[1:]:
    for guided, more in (("", []), ("yes", ["--guided-by", "department,title,location"])):
        print("| " + " | ".join([name, guided, *figures(name, more)]) + " |", flush=True)
PYTHON
