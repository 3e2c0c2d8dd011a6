"""What benches/peers.sh runs: every task once by Adit and once by each peer, one line each."""
import collections, json, os, re, subprocess, sys

import numpy as np

WEKA, SIZES = sys.argv[1], [int(word) for words in sys.argv[2:] for word in words.split()]
PEERS, PATIENCE = os.environ["ADIT_PEERS"], int(os.environ.get("ADIT_PATIENCE", "500"))
ADIT, LEARN = "target/release/adit", "target/release/examples/learn"
# Above this only what is asked of Adit at that size: most peers do not come to an end.
LARGEST = {"em": 10_000, "cobweb": 10_000, "roles behind noise": 100_000, "tree": 1_000_000}


def timed(command, out):
    """CPU seconds and peak MiB of a command, its output in the file `out`; None where it failed or took too long."""
    with open(out, "w") as sink:
        ran = subprocess.run(
            ["/usr/bin/time", "-f", "COST %U %S %M", "timeout", str(PATIENCE), *command],
            stdout=sink, stderr=subprocess.PIPE, text=True,
        )
    cost = re.search(r"COST ([\d.]+) ([\d.]+) (\d+)", ran.stderr)
    seconds = float(cost[1]) + float(cost[2])
    failed = {0: None, 124: f"over {PATIENCE} s"}.get(ran.returncode, "out of memory" if "OutOfMemory" in ran.stderr else "failed")
    return seconds, int(cost[3]) / 1024, failed


def rand_index(found, truth):
    """Adjusted Rand index (Hubert, Arabie 1985) of two labellings of the same identities."""
    pairs = lambda counts: sum(n * (n - 1) / 2 for n in counts.values())
    both, ours, theirs = (pairs(collections.Counter(of)) for of in (zip(found, truth), found, truth))
    expected = ours * theirs / (len(truth) * (len(truth) - 1) / 2)
    return (both - expected) / ((ours + theirs) / 2 - expected)


def enterprise(size):
    """Generated once: the folder, the names of the people, the number of their job, and what they hold as a CSV."""
    folder = f"{PEERS}/{size}"
    if size > max(LARGEST[task] for task in LARGEST if task != "tree"):
        if not os.path.exists(f"{folder}/hr.arff"):
            command = [sys.executable, os.environ["ADIT_GENERATE"], folder, "--users", str(size), "--formats", "arffhr"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return folder, [], np.array([], int)
    if not os.path.exists(f"{folder}/humans.csv"):
        command = [sys.executable, os.environ["ADIT_GENERATE"], folder, "--users", str(size), "--formats", "csv,npz,arff,arffhr"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        people = {line.split(",")[0] for line in open(f"{folder}/users.csv") if not line.startswith("svc_")}
        with open(f"{folder}/humans.csv", "w") as out:
            out.writelines(line for line in open(f"{folder}/assignments.csv") if line.split(",")[0] in people)
    names = [line.split(",")[0] for line in open(f"{folder}/users.csv")][1:]
    people = [name for name in names if not name.startswith("svc_")]
    return folder, people, np.load(f"{folder}/arff_label.npy")


def of_adit(people, path):
    """Each identity's cluster: its primary role."""
    roles = json.load(open(path))["roles"]
    primary = {member: number for number, role in enumerate(roles) for member in role["primary"]}
    return [primary.get(name, -1) for name in people]


def of_weka(path):
    return [int(line.split()[1]) for line in open(path) if re.fullmatch(r"\d+ -?\d+.*\n", line)]


SKLEARN = """
import sys, numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
folder, method, roles = sys.argv[1], sys.argv[2], int(sys.argv[3])
npz = np.load(folder + "/csr.npz")
starts, held, shape = npz["indptr"], npz["indices"], npz["shape"]
rows = np.flatnonzero(npz["kind"] < 2)
dense = np.zeros((len(rows), shape[1]), np.float32)
for at, row in enumerate(rows):
    dense[at, held[starts[row]:starts[row + 1]]] = 1
kind = KMeans(roles, n_init=1, random_state=1) if method == "kmeans" else AgglomerativeClustering(roles)
np.savetxt(sys.stdout, kind.fit_predict(dense), "%d")
"""


def main():
    print(f"{'task':34} {'identities':>10} {'CPU s':>9} {'MiB':>7} {'rand index':>10}   times adit")
    for size in SIZES:
        folder, people, jobs = enterprise(size)
        roles = len(set(jobs.tolist()))
        java = ["java", "-Xmx12g", "-cp", WEKA]
        csv = f"{folder}/humans.csv"
        mine = lambda using: [ADIT, "mine", csv, "--using", using, "--format", "json"]
        clusterer = lambda name, *rest: [*java, f"weka.clusterers.{name}", "-t", f"{folder}/sparse.arff", "-p", "0", *rest]
        sklearn = lambda method: [sys.executable, "-c", SKLEARN, folder, method, str(roles)]
        adit = lambda out: of_adit(people, out)
        lines = lambda out: [int(line) for line in open(out)]
        tasks = [
            ("em", [("adit em", mine(f"em {{ roles {roles} }}"), adit),
                    ("weka EM", clusterer("EM", "-N", str(roles), "-I", "100"), of_weka)]),
            ("cobweb", [("adit cobweb", mine("cobweb"), adit), ("weka Cobweb", clusterer("Cobweb"), of_weka)]),
            ("roles behind noise", [("adit mine", [ADIT, "mine", csv, "--format", "json"], adit),
                                    ("weka SimpleKMeans", clusterer("SimpleKMeans", "-N", str(roles)), of_weka),
                                    ("scikit-learn KMeans", sklearn("kmeans"), lines),
                                    ("scikit-learn Agglomerative", sklearn("agglomerative"), lines)]),
        ]
        tree = f"{folder}/hr.arff"
        j48 = lambda *rest: [*java, "weka.classifiers.trees.J48", "-t", tree, "-o", *rest]
        tasks.append(("tree", [("adit describe, cross-validated", [LEARN, tree], None),
                               ("weka J48, cross-validated", j48("-x", "10"), None),
                               ("weka J48, one tree", j48("-no-cv"), None)]))
        for task, runs in tasks:
            own = None
            runs = runs if size <= LARGEST[task] else []
            for name, command, clusters in runs:
                out = f"{PEERS}/out.txt"
                seconds, memory, failed = timed(command, out)
                own = own if own is not None else seconds
                index = "" if failed or not clusters else f"{rand_index(clusters(out), jobs.tolist()):.3f}"
                ratio = failed or f"{seconds / max(own, 0.01):.0f}"
                print(f"{name:34} {size:10} {seconds:9.2f} {memory:7.0f} {index:>10}   {ratio}", flush=True)


main()
