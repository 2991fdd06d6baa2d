# MDPSolver: C++ with OpenMP; nested lists of successors and probabilities.
import mdpsolver

METHODS = ["mpi, 100 evaluations", "mpi, 10 evaluations", "mpi, gs", "vi", "vi, gs", "pi", "mpi, one thread"]


def takes_tolerance(method):
    return True


def warm_up(method):
    pass


def build(model, method):
    full = model.absorbing()
    offsets = full.state_offsets().tolist()
    starts = full.indptr.tolist()
    indices, data, rewards = full.indices.tolist(), full.data.tolist(), full.reward.tolist()
    by_choice = lambda flat: [[flat[starts[c] : starts[c + 1]] for c in range(offsets[s], offsets[s + 1])] for s in range(full.states)]
    return {
        "discount": full.discount,
        "rewards": [rewards[offsets[s] : offsets[s + 1]] for s in range(full.states)],
        "tranMatProbs": by_choice(data),
        "tranMatColumns": by_choice(indices),
    }


def fresh(lists):
    """A solver starts where its last solve ended: each solve gets one of its own."""
    solver = mdpsolver.model()
    solver.mdp(**lists)
    return solver


def solve(solver, method, tolerance):
    kind, *settings = method.split(", ")
    limit = next((int(s.split()[0]) for s in settings if s.endswith("evaluations")), 100)
    update = "gs" if "gs" in settings else "standard"
    solver.solve(algorithm=kind, tolerance=tolerance, update=update, parIterLim=limit, parallel=update == "standard" and "one thread" not in settings)


def values(solver, answer):
    return solver.getValueVector()
