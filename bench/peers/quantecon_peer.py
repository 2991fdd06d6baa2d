# QuantEcon.py's DiscreteDP: state-action pairs over a sparse matrix; small full models also in its dense form.
import warnings

import numpy as np
import scipy.sparse as sp
from quantecon.markov import DiscreteDP

METHODS = ["mpi, k=20", "mpi, k=5", "mpi, k=100", "vi", "pi", "dense mpi, k=20", "dense pi"]
DENSE_ENTRIES = 20_000_000
warnings.filterwarnings("ignore")


def takes_tolerance(method):
    return "pi" not in method.split()


def warm_up(method):
    """Compiles what numba compiles, on two states."""
    solve(DiscreteDP(np.array([0.0, 1.0, 0.0]), sp.csr_matrix([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), 0.5, np.array([0, 0, 1]), np.array([0, 1, 0])), method, 1e-3)


def build(model, method):
    full = model.absorbing()
    if not method.startswith("dense"):
        return DiscreteDP(full.reward, full.matrix(), full.discount, full.state, full.action)
    if full.states * full.states * full.actions > DENSE_ENTRIES:
        raise SystemExit("too large for the dense form")
    rewards = np.full((full.states, full.actions), -np.inf)
    rewards[full.state, full.action] = full.reward
    probabilities = np.zeros((full.states, full.actions, full.states))
    probabilities[full.state, full.action] = full.matrix().toarray()
    return DiscreteDP(rewards, probabilities, full.discount)


def solve(ddp, method, tolerance):
    k = int(method.split("=")[1]) if "=" in method else 20
    kind = method.removeprefix("dense ").split(",")[0]
    return ddp.solve(method=kind, epsilon=tolerance, max_iter=100_000_000, k=k)


def values(ddp, answer):
    return answer.v
