#!/usr/bin/env python3
"""Writes steps of Gymnasium's real CartPole-v1 to test/fixtures/envs/cart-pole.json.

Run with gymnasium installed (pip install gymnasium): python3 scripts/make-cart-pole-fixture.py
The file holds {"gymnasium", "numpy", "episodes": [{"seed", "start", "steps": [[action, state, observation, reward, terminated, truncated]]}]}:
states in float64 as the environment keeps them, observations in float32 as it shows them. Episodes are played by chance, by a
controller that keeps the pole up for the whole time limit, and by one that pushes to one side.
"""

import json
import pathlib

import gymnasium
import numpy

PATH = pathlib.Path(__file__).resolve().parent.parent / "test" / "fixtures" / "envs" / "cart-pole.json"


def by_chance(rng, state):
    return int(rng.integers(2))


def upright(rng, state):
    x, v, angle, spin = state
    return int(angle + 0.4 * spin + 0.05 * x + 0.1 * v > 0)


def one_side(rng, state):
    return 1


EPISODES = [(by_chance, 0), (by_chance, 1), (by_chance, 2), (by_chance, 3), (one_side, 4), (upright, 5)]


def episode(controller, seed):
    env = gymnasium.make("CartPole-v1")
    env.reset(seed=seed)
    rng = numpy.random.default_rng(seed)
    state = [float(x) for x in env.unwrapped.state]
    result = {"seed": seed, "controller": controller.__name__, "start": state, "steps": []}
    ended = False
    while not ended:
        action = controller(rng, state)
        observation, reward, terminated, truncated, _ = env.step(action)
        state = [float(x) for x in env.unwrapped.state]
        result["steps"].append([action, state, [float(x) for x in observation], float(reward), int(terminated), int(truncated)])
        ended = terminated or truncated
    return result


if __name__ == "__main__":
    data = {
        "gymnasium": gymnasium.__version__,
        "numpy": numpy.__version__,
        "episodes": [episode(controller, seed) for controller, seed in EPISODES],
    }
    PATH.write_text(json.dumps(data, separators=(",", ":")) + "\n")
    print(f"{PATH.name}: {PATH.stat().st_size} bytes, episodes of {[len(e['steps']) for e in data['episodes']]} steps")
