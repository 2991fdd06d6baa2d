# One process of one peer: builds its model from a problem's files, solves, prints JSON lines.
# Run: python run_peer.py PEER FOLDER VALUES.npy '{"method": "mpi", "tolerance": 1e-6}'           times it again and again
#      python run_peer.py PEER FOLDER VALUES.npy '{"method": "mpi", "bounds": FOLDER}'            seeks its loosest tolerance
#      python run_peer.py PEER --methods                                                          lists its methods
import importlib
import json
import os
import resource
import sys
import time

import numpy as np
from model_files import Model

GOAL = 1e-6
LADDER = [10.0**-k for k in range(1, 15)]


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(**found):
    print(json.dumps(found), flush=True)


def timed(peer, built, method, tolerance):
    """One solve. Its time limit runs from the line that says it is ready: some peers need a new model for each solve."""
    if hasattr(peer, "fresh"):
        built = peer.fresh(built)
    say(ready=True)
    started = time.perf_counter()
    answer = peer.solve(built, method, tolerance)
    seconds = time.perf_counter() - started
    say(solved=seconds)
    return seconds, np.asarray(peer.values(built, answer), dtype=np.float64)


def seek(peer, built, method, bounds):
    """Tolerances from loose to tight until the true error is at most the goal; then half a decade looser once more."""
    lower, upper = (np.load(os.path.join(bounds, name)) for name in ("lower.npy", "upper.npy"))

    def attempt(tolerance):
        seconds, v = timed(peer, built, method, tolerance)
        error = float(np.max(np.maximum(v - lower, upper - v))) if len(v) == len(lower) else float("inf")
        say(tolerance=tolerance, seconds=seconds, error=error, reached=error <= GOAL)
        return error <= GOAL

    for tolerance in LADDER if peer.takes_tolerance(method) else [GOAL]:
        if attempt(tolerance):
            if peer.takes_tolerance(method) and tolerance != LADDER[0]:
                attempt(tolerance * 10**0.5)
            return


def repeat(peer, built, method, tolerance, out, facts, repeat_seconds=2, most=200):
    first, v = timed(peer, built, method, tolerance)
    times = []
    # A long solve is not repeated: its first is as good as its second.
    while (first < 5 and not times) or (sum(times) + first < repeat_seconds and len(times) < most):
        seconds, v = timed(peer, built, method, tolerance)
        times.append(seconds)
    np.save(out, v)
    say(method=method, firstSeconds=first, seconds=sorted(times or [first])[len(times) // 2], peakMb=peak_mb(), **facts)


if __name__ == "__main__":
    name, folder, *rest = sys.argv[1:]
    peer = importlib.import_module(name.replace("-", "_") + "_peer")
    if folder == "--methods":
        say(methods=peer.METHODS)
        sys.exit()
    options = json.loads(rest[1])
    method = options["method"]
    peer.warm_up(method)
    started = time.perf_counter()
    model = Model(folder)
    read = time.perf_counter()
    base = peak_mb()
    built = peer.build(model, method)
    facts = {"fileSeconds": read - started, "buildSeconds": time.perf_counter() - read, "baseMb": base, "loadedMb": peak_mb()}
    say(built=True, **facts)
    if "bounds" in options:
        seek(peer, built, method, options["bounds"])
    else:
        repeat(peer, built, method, options["tolerance"], rest[0], facts)
