#!/usr/bin/env bash
# The lints about roles that exist already, as whole processes: on the built-in roles of Azure, and on estates of a growing number of roles
# and identities. Markdown, for docs/benchmarks.md.
#
#   benches/catalogue.sh [ROLES …]       sizes of the estate, 1000, 3000 and 10000 where nothing is said; ten identities for each role
#
# ADIT_DATASETS  the folder with `cloud/azure_builtin_roles/role_permissions.csv` [../shared/datasets]
# ADIT           the program to measure [target/release/adit, built first]
set -euo pipefail
cd "$(dirname "$0")/.."
data=${ADIT_DATASETS:-../shared/datasets}
azure=$data/cloud/azure_builtin_roles/role_permissions.csv
[ -f "$azure" ] || { echo "catalogue.sh: no data at \`$azure\`: set ADIT_DATASETS" >&2; exit 2; }
[ -n "${ADIT:-}" ] || cargo build --release --quiet --bin adit
adit=$(realpath "${ADIT:-target/release/adit}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# linted FOLDER NAME: a row of the table.
linted() {
  "$adit" lint "$1" --format json >"$scratch/lint.json" 2>"$scratch/errors" || [ $? = 1 ] || { cat "$scratch/errors" >&2; exit 1; }
  /usr/bin/time -f '%U %S %e %M' -o "$scratch/time" "$adit" lint "$1" --format json >"$scratch/lint.json" 2>/dev/null || [ $? = 1 ]
  python3 - "$scratch" "$2" "$1" <<'PYTHON'
import collections, json, sys
folder, name, project = sys.argv[1:]
count = collections.Counter(finding["rule"] for finding in json.load(open(f"{folder}/lint.json"))["findings"])
user, system, wall, memory = map(float, open(f"{folder}/time").read().split()[-4:])
grants = sum(1 for _ in open(f"{project}/snapshot/role-grants.csv")) - 1
print(f"| {name} | {grants:,} | {count['RM411']:,} | {count['RM412']:,} | {user + system:.2f} | {wall:.2f} | {memory / 1024:,.0f} |", flush=True)
PYTHON
}

# A project around roles: of a catalogue, or an estate of so many roles of which one in twenty repeats another and one in ten is in one.
project() {
  python3 - "$@" <<'PYTHON'
import csv, os, random, sys
folder, source = sys.argv[1:]
os.makedirs(f"{folder}/snapshot")
random.seed(1)
if source.isdigit():
    count = int(source)
    roles = []
    for number in range(count):
        draw = random.random()
        if roles and draw < 0.05: grants = random.choice(roles)
        elif roles and draw < 0.15: grants = random.sample(held := random.choice(roles), max(1, len(held) * 2 // 3))
        else: grants = random.sample(range(5 * count), random.randint(4, 40))
        roles.append(grants)
    grants = [(f"role-{number:05}", f"e{grant:06}") for number, role in enumerate(roles) for grant in role]
    people = [f"u{number:07}" for number in range(10 * count)]
    members = [(f"role-{random.randrange(count):05}", person) for person in people for _ in range(random.randint(1, 4))]
    of = {}
    for role, member in set(members): of.setdefault(member, set()).update(roles[int(role[5:])])
    held = [(member, f"e{grant:06}") for member in sorted(of) for grant in sorted(of[member])]
else:
    rows = list(csv.reader(open(source)))[1:]
    grants, people, members = rows, ["u1"], [(rows[0][0], "u1")]
    held = [("u1", grant) for role, grant in rows if role == rows[0][0]]
def table(name, header, rows):
    with open(f"{folder}/snapshot/{name}.csv", "w", newline="") as out:
        csv.writer(out).writerows([header, *rows])
table("identities", ["identity_id", "kind", "status"], [(person, "employee", "active") for person in people])
table("entitlements", ["entitlement_id", "application", "attribute", "value"], [(e, "estate", "right", e) for e in sorted({e for _, e in grants})])
table("assignments", ["identity_id", "entitlement_id"], sorted(set(held)))
table("role-grants", ["role_id", "entitlement_id"], sorted(set(map(tuple, grants))))
table("role-members", ["role_id", "identity_id"], sorted(set(members)))
with open(f"{folder}/snapshot/snapshot.toml", "w") as out:
    out.write('name = "estate"\nextracted = 2026-10-01\n[schema.identity]\nkind = "text"\nstatus = "text"\n[schema.applications]\nestate = ["right"]\n')
    for name in ["identities", "entitlements", "assignments", "role-grants", "role-members"]:
        out.write(f'[[source]]\nid = "{name}"\ntable = "{name}"\nfile = "{name}.csv"\nsystem = "estate"\nowner = "iam@estate.example"\n')
        if name == "identities": out.write('authoritative_for = ["kind", "status"]\n')
open(f"{folder}/adit.toml", "w").write('[project]\nname = "estate"\nspecs = ["policy.adit"]\nsnapshot = "snapshot"\n')
open(f"{folder}/policy.adit", "w").write('edition 2026\n\nidentities {\n  human where kind == "employee"\n}\n')
PYTHON
}

echo '| roles | grants | duplicates (RM411) | contained (RM412) | CPU s | wall s | MiB |'
echo '|---|---|---|---|---|---|---|'
project "$scratch/azure" "$azure"
linted "$scratch/azure" 'Azure, built in: 924'
for roles in ${@:-1000 3000 10000}; do
  project "$scratch/$roles" "$roles"
  linted "$scratch/$roles" "$(printf "%'d, of %'d identities" "$roles" $((roles * 10)))"
  rm -rf "${scratch:?}/$roles"
done
