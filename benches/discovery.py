"""The work of discovery.sh: a project whose existing roles are the planted ones, damaged; what `adit build` would change of them."""

import collections, csv, json, os, random, resource, shutil, subprocess, sys, time

SPEC = """edition 2026

identities {
  human    where kind in ["employee", "contractor"]
  service  where kind == "service"
}

separate human from service

mining again {
  from every role

  mine {
    minable  app.right
  }

  cutoff {
    primary  at least 80% of members
    members  at least 5
  }
}
"""

MANIFEST = """name = "damaged"
extracted = 2026-10-31

[schema.identity]
kind = "text"

[schema.applications]
app = ["right"]
"""


def rows(folder, name):
    return csv.DictReader(open(f"{folder}/{name}.csv", newline=""))


def damaged(truth, holders, held):
    """Of every tenth role one grant is taken out and a wrong one put in, which at most one in ten of its members holds."""
    draw = random.Random(1)
    everything = sorted({it for grants in truth.values() for it in grants})
    roles, out, wrong = {role: set(grants) for role, grants in truth.items()}, {}, {}
    for role in sorted(truth)[::10]:
        out[role] = draw.choice(sorted(truth[role]))
        roles[role].discard(out[role])
        members = holders[role]
        while True:
            it = draw.choice(everything)
            if it not in truth[role] and sum(it in held[member] for member in members) * 10 <= len(members):
                break
        wrong[role] = it
        roles[role].add(it)
    return roles, out, wrong


def project(folder, data, roles, holders):
    """Writes it anew."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(f"{folder}/snapshot")
    open(f"{folder}/adit.toml", "w").write('[project]\nname = "damaged"\nspecs = ["again.adit"]\n')
    open(f"{folder}/again.adit", "w").write(SPEC)
    manifest = open(f"{folder}/snapshot/snapshot.toml", "w")
    manifest.write(MANIFEST)

    def table(name, header, lines):
        manifest.write(f'\n[[source]]\nid = "{name}"\ntable = "{name}"\nfile = "{name}.csv"\nsystem = "generator"\nowner = "nobody@acme.example"\n')
        if name == "identities":
            manifest.write('authoritative_for = ["kind"]\n')
        with open(f"{folder}/snapshot/{name}.csv", "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(header)
            writer.writerows(lines)

    table("identities", ["identity_id", "kind"], ((row["user_id"], row["kind"]) for row in rows(data, "users")))
    entitlements = ((row["entitlement_id"], "app", "right", row["entitlement_id"]) for row in rows(data, "entitlements"))
    table("entitlements", ["entitlement_id", "application", "attribute", "value"], entitlements)
    assignments = ((row["user_id"], row["entitlement_id"]) for row in rows(data, "assignments"))
    table("assignments", ["identity_id", "entitlement_id"], assignments)
    table("roles", ["role_id"], ([role] for role in sorted(roles)))
    table("role-grants", ["role_id", "entitlement_id"], ((role, it) for role in sorted(roles) for it in sorted(roles[role])))
    table("role-members", ["role_id", "identity_id"], ((role, who) for role in sorted(roles) for who in holders[role]))


def share(part, of):
    return f"{part:,} of {of:,}"


def measured(name):
    data, folder = f"{os.environ['ADIT_PLANTED']}/{name}", f"target/discovery/{name}"
    truth, holders, held = collections.defaultdict(set), collections.defaultdict(list), collections.defaultdict(set)
    for row in rows(data, "truth_roles"):
        truth[row["role_id"]].add(row["entitlement_id"])
    for row in rows(data, "truth_user_roles"):
        holders[row["role_id"]].append(row["user_id"])
    for row in rows(data, "assignments"):
        held[row["user_id"]].add(row["entitlement_id"])
    truth = {role: grants for role, grants in truth.items() if len(holders[role]) >= 5}
    roles, out, wrong = damaged(truth, holders, held)
    project(folder, data, roles, holders)
    command = [os.environ["ADIT"], "build", folder, "--out", f"{folder}/out", "--format", "json"]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if not run.stdout:
        sys.exit(f"discovery.py: `{name}`: {run.stderr.decode()}")
    found = [role for population in json.loads(run.stdout)["populations"] for role in population.get("existing_roles", [])]
    added = {role["role"]: {grant["id"] for grant in role["added"]} for role in found}
    dropped = {role["role"]: {grant["id"] for grant in role["dropped"]} for role in found}
    # What every member has by other roles of theirs too need not come back: nobody would notice.
    of_member = collections.defaultdict(set)
    for role, members in holders.items():
        if role in roles:
            for member in members:
                of_member[member].add(role)
    brought = lambda role, it: sum(any(it in roles[other] for other in of_member[who] - {role}) for who in holders[role])
    needless = {role for role, it in out.items() if brought(role, it) * 10 >= len(holders[role]) * 8}
    restored = sum(it in added.get(role, ()) for role, it in out.items() if role not in needless)
    removed = sum(it in dropped.get(role, ()) for role, it in wrong.items())
    gains = sum(it not in truth[role] for role in added for it in added[role])
    losses = sum(it != wrong.get(role) for role in dropped for it in dropped[role])
    grants = sum(map(len, truth.values()))
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = [
        name, f"{len(roles):,}", share(restored, len(out) - len(needless)), f"{len(needless):,}", share(removed, len(wrong)),
        f"{gains:,}", share(losses, grants), f"{seconds:.1f}", f"{wall:.1f}", f"{after.ru_maxrss // 1024:,}",
    ]
    print("| " + " | ".join(figures) + " |", flush=True)


print("| set | roles | restored | brought by others | removed | wrong gains | wrong losses | CPU s | s | MiB |")
print("|" + "---|" * 10)
for name in sys.argv[1:]:
    measured(name)
