# pymdptoolbox: one sparse matrix an action. Every action must be feasible: where one is not, the state's first feasible choice stands in, which changes no optimal value.
import mdptoolbox.mdp as toolbox
import numpy as np

# Its check of the model makes a full S × S matrix of a sparse one, by an oversight: left out, so that its solvers can be measured.
toolbox._util.check = lambda transitions, rewards: None

METHODS = ["mpi", "vi", "pi", "pi, iterative", "vi, gs"]


def takes_tolerance(method):
    return not method.startswith("pi") or "iterative" in method


def warm_up(method):
    pass


def build(model, method):
    full = model.absorbing()
    first = full.state_offsets()[:-1]
    matrix = full.matrix()
    chosen = np.repeat(first[:, None], full.actions, axis=1)
    chosen[full.state, full.action] = np.arange(len(full.state))
    return [matrix[chosen[:, a]] for a in range(full.actions)], full.reward[chosen], full.discount


def solve(built, method, tolerance):
    transitions, rewards, discount = built
    if method == "pi":
        solver = toolbox.PolicyIteration(transitions, rewards, discount, max_iter=1_000_000)
    elif method == "pi, iterative":
        solver = toolbox.PolicyIteration(transitions, rewards, discount, max_iter=1_000_000, eval_type=1)
    elif method == "mpi":
        solver = toolbox.PolicyIterationModified(transitions, rewards, discount, epsilon=tolerance)
    else:
        kind = toolbox.ValueIterationGS if "gs" in method else toolbox.ValueIteration
        solver = kind(transitions, rewards, discount, epsilon=tolerance, max_iter=100_000_000)
    solver.run()
    return solver


def values(built, answer):
    return answer.V
