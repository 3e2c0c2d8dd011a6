#!/usr/bin/env bash
# How fast `adit check` reads a tree of specs, as a whole process: 1,000 files of about 10 KB each, all used by the first.
#
#   benches/check-speed.sh [FILES] [BLOCKS]
#
# ADIT  the program to measure [target/release/adit, built first]
#
# Prints megabytes (10^6 bytes) a second of CPU and of wall time, each the best of five runs. "Cold" is a new process over files it has
# never seen; where the page cache may be dropped (as root), a run after that is printed too.
set -euo pipefail
files=${1:-1000} blocks=${2:-16}
cd "$(dirname "$0")/.."
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
adit=$(realpath "${ADIT:-target/release/adit}")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
python3 - "$tree" "$files" "$blocks" <<'PYTHON'
import pathlib, sys
tree, files, blocks = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
(tree / "snapshot").mkdir()
(tree / "adit.toml").write_text('[project]\nname = "speed"\nspecs = ["policy.adit"]\n')
(tree / "snapshot/snapshot.toml").write_text("""extracted = 2026-10-01
[schema.identity]
kind = "text"
status = "text"
department = "text"
title = "text"
[schema.applications]
sap = ["tcode", "profile"]
[[source]]
id = "hr"
table = "identities"
file = "identities.csv"
""")
uses = "".join(f'use "part/{n:04}.adit"\n' for n in range(files - 1))
(tree / "part").mkdir()
(tree / "policy.adit").write_text(f"""edition 2026

{uses}
identities {{
  human    where kind in ["employee", "contractor"]
  service  where kind == "service-account"
}}

separate human from service
""")
for n in range(files - 1):
    text = ["edition 2026\n"]
    for b in range(blocks):
        k = f"{n:04}-{b:02}"
        text.append(f"""
// what people of desk {k} need for their work, and nothing else
set tasks-{k} = [ sap.tcode "T{n}A{b}", sap.tcode "T{n}B{b}", sap.profile "P{n}C{b}" ]

role desk-{k} {{
  title   "Desk {k}"
  owner   "owner-{n}@acme.example"
  cites   "IAM-{n} §{b}.2", "SOX ITGC AC-{b}"
  grants  tasks-{k}
  where   department == "D{n}" and title in ["Clerk {b}", "Lead {b}", "Desk {k}"] and not status == "left"
}}

duties apart-{k} "Nobody does both at desk {k}" {{
  order = [ sap.tcode "T{n}A{b}", sap.tcode "O{n}A{b}" ]
  pay   = [ sap.tcode "T{n}P{b}" ]
  at most 1 of order, pay per identity
  cites  "NIST SP 800-53 AC-5"
  level  error
}}
""")
    (tree / f"part/{n:04}.adit").write_text("".join(text))
PYTHON
bytes=$(find "$tree" -name '*.adit' -print0 | xargs -0 cat | wc -c)
echo "$(find "$tree" -name '*.adit' | wc -l) files, $bytes bytes"
python3 - "$adit" "$tree" "$bytes" <<'PYTHON'
import os, resource, subprocess, sys, time
adit, tree, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
def run(more=()):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run([adit, "check", tree, *more], capture_output=True, text=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode:
        sys.exit(ran.stdout[-2000:] + ran.stderr[-2000:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, after.ru_maxrss
def show(name, cpu, wall, peak):
    print(f"{name}: {size / 1e6 / cpu:.1f} MB/s of CPU ({cpu:.2f} s), {size / 1e6 / wall:.1f} MB/s of wall time ({wall:.2f} s), peak {peak // 1024} MiB")
try:
    os.sync()
    open("/proc/sys/vm/drop_caches", "w").write("3")
    show("page cache dropped", *run())
except OSError:
    print("page cache dropped: not allowed here")
for name, more in [("default threads", ()), ("one thread", ("--threads", "1"))]:
    runs = [run(more) for _ in range(5)]
    show(name, min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs))
PYTHON
