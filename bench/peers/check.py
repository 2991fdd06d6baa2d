# The independent check of an answer: its residual in extended precision, and how far it can be from the certified bounds.
# Run: python check.py FOLDER VALUES.npy [BOUNDS_FOLDER]
import json
import os
import sys

import numpy as np
from model_files import Model

PIECE = 4_000_000  # branches held in extended precision at a time


def residual(model, v):
    """max |Tv - v|, in longdouble (64 bits of mantissa); terminal states count as |v|. Sums run along each row."""
    wide = v.astype(np.longdouble)
    offsets = model.state_offsets()
    best = np.full(model.states, -np.inf, dtype=np.longdouble)
    best[model.terminal] = 0
    from_state = 0
    while from_state < model.states:
        limit = model.indptr[offsets[from_state]] + PIECE
        to_choice = max(offsets[from_state + 1], np.searchsorted(model.indptr, limit, side="right") - 1)
        to_state = max(from_state + 1, np.searchsorted(offsets, to_choice, side="right") - 1)
        first, last = offsets[from_state], offsets[to_state]
        if last > first:
            b0, b1 = model.indptr[first], model.indptr[last]
            products = model.data[b0:b1].astype(np.longdouble) * wide[model.indices[b0:b1]]
            sums = np.add.reduceat(products, model.indptr[first:last] - b0)
            q = model.reward[first:last].astype(np.longdouble) + np.longdouble(model.discount) * sums
            np.maximum.at(best, model.state[first:last], q)
        from_state = to_state
    return float(np.max(np.abs(best - wide)))


if __name__ == "__main__":
    folder, values, *bounds = sys.argv[1:]
    model = Model(folder)
    v = np.load(values)
    found = {"residual": residual(model, v)}
    found["errorByResidual"] = found["residual"] / (1 - model.discount)
    # What rounding the values to float64 can add to that: up to half a unit in the last place on each side of the equation.
    found["rounding"] = float(np.spacing(np.max(np.abs(v)))) / (1 - model.discount)
    if bounds:
        lower, upper = (np.load(os.path.join(bounds[0], name)) for name in ("lower.npy", "upper.npy"))
        found["trueError"] = float(np.max(np.maximum(v - lower, upper - v)))
    print(json.dumps(found))
