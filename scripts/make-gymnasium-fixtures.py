#!/usr/bin/env python3
"""Writes the tables of Gymnasium's toy-text environments to test/fixtures/envs, one JSON file each.

Run with gymnasium installed (pip install gymnasium): python3 scripts/make-gymnasium-fixtures.py
A file holds {"gymnasium", "id", "options", "starts": [[state, probability]], "P": [[[[p, next, reward, terminated]]]]}:
P by state, then action, its entries in Gymnasium's order and not merged.
"""

import json
import pathlib

import gymnasium

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test" / "fixtures" / "envs"

TABLES = {
    "frozen-lake-4x4": ("FrozenLake-v1", {"map_name": "4x4", "is_slippery": True}),
    "frozen-lake-4x4-dry": ("FrozenLake-v1", {"map_name": "4x4", "is_slippery": False}),
    "frozen-lake-8x8": ("FrozenLake-v1", {"map_name": "8x8", "is_slippery": True}),
    "frozen-lake-8x8-dry": ("FrozenLake-v1", {"map_name": "8x8", "is_slippery": False}),
    "cliff-walking": ("CliffWalking-v1", {"is_slippery": False}),
    "cliff-walking-slippery": ("CliffWalking-v1", {"is_slippery": True}),
    "taxi": ("Taxi-v4", {}),
}


def table(name: str, options: dict) -> dict:
    env = gymnasium.make(name, **options).unwrapped
    start = env.initial_state_distrib
    return {
        "gymnasium": gymnasium.__version__,
        "id": name,
        "options": options,
        "starts": [[int(s), float(start[s])] for s in start.nonzero()[0]],
        "P": [
            [[[float(p), int(n), float(r), int(t)] for p, n, r, t in env.P[s][a]] for a in sorted(env.P[s])]
            for s in sorted(env.P)
        ],
    }


def compact(data: dict) -> str:
    text = json.dumps(data, separators=(",", ":"))
    return text.replace(".0,", ",").replace(".0]", "]") + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file, (name, options) in TABLES.items():
        path = FOLDER / f"{file}.json"
        path.write_text(compact(table(name, options)))
        print(f"{path.name}: {path.stat().st_size} bytes")
