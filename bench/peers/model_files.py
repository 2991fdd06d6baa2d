# A problem's files for the peers: scipy's CSR arrays, with terminal states made absorbing where asked (their optimal value stays 0).
import json
import os

import numpy as np
import scipy.sparse as sp


class Model:
    """Rows are feasible (state, action) pairs in order: `rows` of a matrix with one column a state."""

    def __init__(self, folder):
        load = lambda name: np.load(os.path.join(folder, name + ".npy"))
        with open(os.path.join(folder, "meta.json")) as file:
            self.meta = json.load(file)
        self.states, self.actions, self.discount = self.meta["states"], self.meta["actions"], self.meta["discount"]
        indptr, self.indices, self.data = load("indptr"), load("indices"), load("data")
        self.terminal = load("terminal")
        feasible = np.flatnonzero(np.diff(indptr))
        self.indptr = np.append(indptr[feasible], indptr[-1])
        self.reward = load("reward")[feasible]
        self.state, self.action = feasible // self.actions, feasible % self.actions

    def absorbing(self):
        """The same model with one choice in each terminal state: stay, for nothing."""
        if len(self.terminal) == 0:
            return self
        state = np.concatenate([self.state, self.terminal])
        order = np.argsort(state, kind="stable")
        rows = self.matrix()
        stay = sp.csr_matrix((np.ones(len(self.terminal)), (np.arange(len(self.terminal)), self.terminal)), shape=(len(self.terminal), self.states))
        joined = sp.vstack([rows, stay]).tocsr()[order]
        other = Model.__new__(Model)
        other.meta, other.states, other.actions, other.discount, other.terminal = self.meta, self.states, self.actions, self.discount, self.terminal
        other.indptr, other.indices, other.data = joined.indptr, joined.indices, joined.data
        other.state = state[order]
        other.action = np.concatenate([self.action, np.zeros(len(self.terminal), dtype=self.action.dtype)])[order]
        other.reward = np.concatenate([self.reward, np.zeros(len(self.terminal))])[order]
        return other

    def matrix(self):
        return sp.csr_matrix((self.data, self.indices, self.indptr), shape=(len(self.state), self.states))

    def state_offsets(self):
        """Choices of state s are offsets[s] .. offsets[s+1]."""
        return np.searchsorted(self.state, np.arange(self.states + 1))
