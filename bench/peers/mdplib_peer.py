# mdplib: C++ behind a table of (state, action, next, probability, reward); its own constructor goes through a text file, so the table is handed over directly.
import numpy as np
from mdp import MDP
from mdp._core import _mdp_core

METHODS = ["VI", "VIGS", "PI"]


def takes_tolerance(method):
    return True


def warm_up(method):
    pass


def build(model, method):
    full = model.absorbing()
    widths = np.diff(full.indptr)
    columns = (np.repeat(full.state, widths), np.repeat(full.action, widths), full.indices, full.data, np.repeat(full.reward, widths))
    problem = MDP.__new__(MDP)
    problem.S, problem.A = list(range(full.states)), list(range(full.actions))
    problem.transition_matrix = np.column_stack(columns).astype(np.float64)
    problem.transition_index = _mdp_core.build_transition_index(problem.transition_matrix)
    problem.discount = full.discount
    return problem


def solve(problem, method, tolerance):
    return getattr(problem, method)(gamma=problem.discount, tol=tolerance, max_iter=100_000_000, verbose=False, norm_type=1)


def values(problem, answer):
    return answer.value
