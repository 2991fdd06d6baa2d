"""The reference: plays a policy in Gymnasium alone, with none of mdpkit, and prints every episode's reward and length.

Standard input: {"env", "kwargs", "seeds", "episodes", "policy": [action of each state]}. Each seed is an environment of its own, reset once
with it and then without, as a program that uses Gymnasium does.
"""

import json
import sys

import gymnasium

job = json.load(sys.stdin)
played = []
for seed in job["seeds"]:
    env = gymnasium.make(job["env"], **job["kwargs"])
    state, _ = env.reset(seed=seed)
    episodes = []
    while len(episodes) < job["episodes"]:
        total, length = 0.0, 0
        while True:
            state, reward, terminated, truncated, _ = env.step(job["policy"][int(state)])
            total += float(reward)
            length += 1
            if terminated or truncated:
                break
        episodes.append([total, length])
        state, _ = env.reset()
    played.append(episodes)
json.dump(played, sys.stdout)
