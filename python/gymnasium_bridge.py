"""Serves Gymnasium environments over standard input and output: one JSON object a line, protocol "mdpkit-env" version 1.

The first line out says who is there. Every line in is a request {"id": n, "op": ..., ...}; every request gets one line out, in order:
{"id": n, ...} or {"id": n, "error": text}. Requests:

    make    env, kwargs, maxSteps, count, autoreset   -> states, actions, stateShape, actionShape, ...
    reset   seeds: one an environment, or null        -> state
    step    actions: one an environment               -> state, reward, ended: [environment, 1 terminated | 2 truncated | 3 both, final state]
    table   (the model, where the environment has one) -> P, initial: Gymnasium's own table, or null
    render                                            -> text of the first environment, or null
    usage                                             -> processorSeconds of this process so far
    close

States and actions are numbers from 0; a tuple of discrete parts is one number, the last part running fastest. With autoreset an episode
that ends begins anew within the same step, as Gymnasium's vector environments do in mode SAME_STEP. Nothing is decided here: actions come
from the other side, one an environment and step.
"""

import json
import os
import sys
import time

PROTOCOL = "mdpkit-env"
VERSION = 1

# What an environment prints must not end up between the answers: standard output is kept for them, print goes to standard error.
answers = os.fdopen(os.dup(1), "wb", buffering=0)
os.dup2(2, 1)


class Refused(Exception):
    """A request that cannot be answered; its text goes to the other side."""


def send(message):
    answers.write(json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n")


def plain(value):
    """numpy's numbers as Python's."""
    return value.item() if hasattr(value, "item") else value


def parts_of(space, what):
    """(size, start) of each discrete part of a space."""
    kind = type(space).__name__
    if kind == "Discrete":
        return [(int(space.n), int(space.start))]
    if kind == "MultiDiscrete" and space.nvec.ndim == 1:
        return [(int(n), int(start)) for n, start in zip(space.nvec, space.start)]
    if kind == "Tuple" and all(type(part).__name__ == "Discrete" for part in space.spaces):
        return [(int(part.n), int(part.start)) for part in space.spaces]
    raise Refused(f"its {what} space is {space}, expected Discrete, MultiDiscrete or a Tuple of Discrete")


def encoder(parts, tupled):
    """From an observation to its number."""
    if not tupled:
        start = parts[0][1]
        return (lambda value: int(value)) if start == 0 else (lambda value: int(value) - start)

    def encode(values):
        number = 0
        for value, (size, start) in zip(values, parts):
            number = number * size + int(value) - start
        return number

    return encode


def decoder(parts, tupled, space):
    """From an action's number to what the environment takes."""
    if not tupled:
        start = parts[0][1]
        return (lambda number: number) if start == 0 else (lambda number: number + start)
    as_array = type(space).__name__ == "MultiDiscrete"

    def decode(number):
        values = []
        for size, start in reversed(parts):
            number, digit = divmod(number, size)
            values.append(digit + start)
        values.reverse()
        if not as_array:
            return tuple(values)
        import numpy

        return numpy.array(values)

    return decode


class Environments:
    def __init__(self, gymnasium, request):
        count = request["count"]
        kwargs = dict(request.get("kwargs") or {})
        if request.get("maxSteps") is not None:
            kwargs["max_episode_steps"] = request["maxSteps"]
        # The checker looks at every step for faults in an environment under development; it costs a fifth of the speed.
        self.envs = [gymnasium.make(request["env"], disable_env_checker=True, **kwargs) for _ in range(count)]
        self.autoreset = bool(request["autoreset"])
        first = self.envs[0]
        self.state_parts = parts_of(first.observation_space, "observation")
        self.action_parts = parts_of(first.action_space, "action")
        states_tupled = type(first.observation_space).__name__ != "Discrete"
        actions_tupled = type(first.action_space).__name__ != "Discrete"
        self.encode = encoder(self.state_parts, states_tupled)
        self.decode = decoder(self.action_parts, actions_tupled, first.action_space)
        self.steps = [env.step for env in self.envs]

    def describe(self):
        spec = self.envs[0].spec
        return {
            "count": len(self.envs),
            "stateParts": self.state_parts,
            "actionParts": self.action_parts,
            "maxSteps": None if spec is None else spec.max_episode_steps,
        }

    def reset(self, seeds):
        if seeds is None:
            return {"state": [self.encode(env.reset()[0]) for env in self.envs]}
        if len(seeds) != len(self.envs):
            raise Refused(f"there are {len(seeds)} seeds, expected {len(self.envs)}, one an environment")
        return {"state": [self.encode(env.reset(seed=seed)[0]) for env, seed in zip(self.envs, seeds)]}

    def step(self, actions):
        if len(actions) != len(self.envs):
            raise Refused(f"there are {len(actions)} actions, expected {len(self.envs)}, one an environment")
        encode, decode = self.encode, self.decode
        states, rewards, ended = [], [], []
        for i, (step, action) in enumerate(zip(self.steps, actions)):
            observation, reward, terminated, truncated, _ = step(decode(action))
            state = encode(observation)
            if terminated or truncated:
                ended.append((i, (1 if terminated else 0) + (2 if truncated else 0), state))
                if self.autoreset:
                    state = encode(self.envs[i].reset()[0])
            states.append(state)
            rewards.append(plain(reward))
        return {"state": states, "reward": rewards, "ended": ended}

    def table(self):
        """Gymnasium's P, entry by entry, and where episodes start, for the environments that have them."""
        env = self.envs[0].unwrapped
        table = getattr(env, "P", None)
        if not isinstance(table, dict):
            return {"P": None, "initial": None}
        entries = {
            str(s): {str(a): [[float(p), int(next), float(reward), bool(ends)] for p, next, reward, ends in branches] for a, branches in actions.items()}
            for s, actions in table.items()
        }
        initial = getattr(env, "initial_state_distrib", None)
        return {"P": entries, "initial": None if initial is None else [float(p) for p in initial]}

    def render(self):
        text = self.envs[0].render()
        return {"text": text if isinstance(text, str) else None}

    def close(self):
        for env in self.envs:
            env.close()


def answer(environments, gymnasium, request):
    op = request["op"]
    if op == "make":
        if environments:
            raise Refused("make comes once")
        environments.append(Environments(gymnasium, request))
        return environments[0].describe()
    if not environments:
        raise Refused(f"{op} comes after make")
    made = environments[0]
    if op == "reset":
        return made.reset(request["seeds"])
    if op == "step":
        return made.step(request["actions"])
    if op == "table":
        return made.table()
    if op == "render":
        return made.render()
    if op == "usage":
        return {"processorSeconds": time.process_time()}
    raise Refused(f"op is {op!r}, expected make, reset, step, table, render, usage or close")


def main():
    try:
        import gymnasium
    except ImportError as error:
        send({"protocol": PROTOCOL, "version": VERSION, "error": f"gymnasium cannot be imported: {error}"})
        return
    send({"protocol": PROTOCOL, "version": VERSION, "gymnasium": gymnasium.__version__, "python": sys.version.split()[0]})
    environments = []
    # readline, not iteration: a request is answered as soon as its line is there. The end of the input is the other side's end.
    for line in iter(sys.stdin.buffer.readline, b""):
        request = json.loads(line)
        number = request["id"]
        if request["op"] == "close":
            for made in environments:
                made.close()
            send({"id": number})
            return
        try:
            send({"id": number, **answer(environments, gymnasium, request)})
        except Exception as error:  # whatever an environment throws belongs to its request
            send({"id": number, "error": f"{error}" if isinstance(error, Refused) else f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
