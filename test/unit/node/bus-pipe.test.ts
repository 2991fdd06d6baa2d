// The bus between two real processes: what one finds the other learns; strangers, torn lines and hostile messages are told and left at that.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type Experience, isExperience, MessageBus, TabularLearner } from "../../../src/agent/index.ts";
import { makeBuiltIn, toEnv } from "../../../src/envs/index.ts";
import { busPipe } from "../../../src/node/bus-pipe.ts";
import { ensureBuilt } from "./built.ts";

interface Findings {
  readonly experience: Experience;
  readonly note: string;
}

const newBus = () => new MessageBus<Findings>({ experience: isExperience, note: (payload): payload is string => typeof payload === "string" });

function startChild(how = ""): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [fileURLToPath(new URL("bus-child.mjs", import.meta.url))], { env: { ...process.env, FAKE_HOW: how } });
}

beforeAll(ensureBuilt, 120_000);

describe("busPipe", () => {
  it("lets an agent learn what one in another process found", async () => {
    const child = startChild();
    const bus = newBus();
    const me = bus.join("parent");
    const { mdp } = makeBuiltIn("maze");
    const learner = new TabularLearner(toEnv(mdp), { learningRate: 1 });
    const heard: Experience[] = [];
    me.subscribe("experience", ({ payload, from }) => {
      expect(from).toBe("child");
      heard.push(payload);
      learner.learnFrom(payload);
    });
    const pipe = busPipe(bus, child.stdout, child.stdin);
    for (let walk = 1; walk <= 6; walk++) {
      const done = new Promise<string>((resolve) => {
        const stop = me.subscribe("note", ({ payload }) => {
          stop();
          resolve(payload);
        });
      });
      me.publish("note", `walk ${walk}`);
      expect(await done).toBe(`did as told: walk ${walk}`);
    }
    expect(heard).toHaveLength(36);
    // Six walks along the optimal way carry the goal's reward back to the start: 0.99^5.
    expect(learner.valueOf(0, "right")).toBeCloseTo(0.99 ** 5, 12);
    me.publish("note", "leave");
    expect(await pipe.ended).toBeUndefined();
  });

  it("ends with a word on a stranger, and without one where the other end is torn off", async () => {
    const stranger = startChild("stranger");
    expect((await busPipe(newBus(), stranger.stdout, stranger.stdin).ended)?.message).toContain('the bus pipe begins with "hello, I am no bus"');
    const torn = startChild("dies");
    expect(await busPipe(newBus(), torn.stdout, torn.stdin).ended).toBeUndefined();
  });

  it("refuses what is no message, and goes on", async () => {
    const child = startChild("hostile");
    const bus = newBus();
    const heard: unknown[] = [];
    bus.join("parent").subscribe("experience", ({ payload }) => heard.push(payload));
    const refused: string[] = [];
    const pipe = busPipe(bus, child.stdout, child.stdin, { onRefused: (why) => refused.push(why) });
    expect(await pipe.ended).toBeUndefined();
    expect(refused).toEqual(['a line that is no JSON: "not json"', "no sender", 'a payload that is none of "experience"', "an unknown topic"]);
    expect(heard).toEqual([{ state: 0, action: 3, reward: 0, next: 1, terminated: false }]);
  });

  it("gives up an end that writes without a break, or does not read", async () => {
    const input = new PassThrough();
    const pipe = busPipe(newBus(), input, new PassThrough(), { mostBytes: 100 });
    input.write(`{"protocol":"mdpkit-bus","version":1}\n${"x".repeat(101)}`);
    expect((await pipe.ended)?.message).toContain("a line of more than 100 bytes");
    const bus = newBus();
    const me = bus.join("me");
    const stuffed = busPipe(bus, new PassThrough(), new PassThrough({ highWaterMark: 1 }), { mostWaiting: 2000 });
    for (let i = 0; i < 100; i++) me.publish("note", "is anybody there?");
    expect((await stuffed.ended)?.message).toContain("expected an end that reads");
  });
});
