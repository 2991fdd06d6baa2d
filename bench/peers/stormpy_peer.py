# Storm: the discounted total reward as its own property, or the discount as a branch that ends, its rewards then those of reaching the end.
import numpy as np
import stormpy
from stormpy import environments
from stormpy.datastructures import SparseMatrixBuilder
from stormpy.models import SparseMdp, SparseModelComponents, SparseRewardModel, StateLabeling

METHODS = ["discounted", "reach, OPTIMISTIC_VALUE_ITERATION", "reach, SOUND_VALUE_ITERATION", "reach, VALUE_ITERATION", "reach, INTERVAL_ITERATION", "reach, POLICY_ITERATION", "reach, TOPOLOGICAL"]


def takes_tolerance(method):
    return True


def warm_up(method):
    pass


def build(model, method):
    full = model.absorbing()
    # Storm clips negative rewards: where all are costs it minimises their amount, else all are raised by one constant, a known change of every value.
    costs = bool(np.all(full.reward <= 0))
    shift = 0.0 if costs else min(0.0, float(full.reward.min()))
    if shift < 0 and len(full.terminal) > 0:
        raise SystemExit("rewards of both signs and terminal states: not expressible")
    rewards = -full.reward if costs else full.reward - shift
    matrix = full.matrix()
    states, groups = full.states, full.state_offsets()[:-1].tolist()
    reach = method.startswith("reach")
    if reach:
        matrix, rewards, groups = ending(full, matrix, rewards)
        states += 1
    matrix.sort_indices()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    builder = SparseMatrixBuilder[float](rows=matrix.shape[0], columns=states, entries=matrix.nnz, has_custom_row_grouping=True, row_groups=states)
    builder.add_next_values(rows.tolist(), matrix.indices.tolist(), matrix.data.tolist(), groups)
    labels = StateLabeling(states)
    labels.add_label("init")
    labels.add_label_to_state("init", 0)
    labels.add_label("done")
    if reach:
        labels.add_label_to_state("done", states - 1)
    paid = SparseRewardModel[float](optional_state_action_reward_vector=rewards.tolist())
    mdp = SparseMdp[float](SparseModelComponents[float](transition_matrix=builder.build(), state_labeling=labels, reward_models={"paid": paid}))
    wanted = 'F "done"' if reach else f"Cdiscount={full.discount!r}"
    formula = stormpy.parse_property(f'R{{"paid"}}{"min" if costs else "max"}=? [ {wanted} ]')
    return {"mdp": mdp, "formula": formula, "sign": -1 if costs else 1, "raised": shift / (1 - full.discount), "states": full.states}


def ending(full, matrix, rewards):
    """One more state, entered with 1 - discount from every choice."""
    import scipy.sparse as sp

    ends = np.full(matrix.shape[0], 1 - full.discount)
    scaled = sp.hstack([matrix * full.discount, sp.csr_matrix(ends[:, None])])
    last = sp.csr_matrix(([1.0], ([0], [full.states])), shape=(1, full.states + 1))
    return sp.vstack([scaled, last]).tocsr(), np.append(rewards, 0.0), full.state_offsets().tolist()


def solve(built, method, tolerance):
    environment = environments.sound() if "SOUND" in method or "INTERVAL" in method or "OPTIMISTIC" in method else environments.Environment()
    settings = environment.solver().min_max()
    settings.precision = stormpy.Rational(tolerance)
    settings.relative_termination_criterion = False
    settings.maximal_number_of_iterations = 1_000_000_000
    if method.startswith("reach"):
        settings.method = getattr(environments.MinMaxMethod, method.split(", ")[1])
    return stormpy.model_checking(built["mdp"], built["formula"], environment=environment)


def values(built, answer):
    return built["sign"] * np.array([answer.get_value(s) for s in range(built["states"])]) + built["raised"]
