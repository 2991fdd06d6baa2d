// The message bus: typed, in order, checked; whatever a link brings, only whole messages of known topics are heard, once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BusLink,
  type BusMessage,
  type Experience,
  experienceOf,
  isExperience,
  MessageBus,
  runAgent,
  scriptedPlanner,
  TabularLearner,
} from "../../../src/agent/index.ts";
import { OptionError } from "../../../src/errors.ts";
import { mazeEnv, SHORTEST } from "./seed-maze.ts";

interface Findings {
  readonly experience: Experience;
  readonly note: string;
}

const checks = { experience: isExperience, note: (payload: unknown): payload is string => typeof payload === "string" };
const newBus = (options = {}) => new MessageBus<Findings>(checks, options);
const experience: Experience = { state: 0, action: 3, reward: 0, next: 1, terminated: false };

describe("MessageBus", () => {
  it("delivers to the others by topic, in order, until they leave", () => {
    const bus = newBus();
    const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => bus.join(name));
    const heard: string[] = [];
    alice?.subscribe("note", ({ from, payload, sequence }) => heard.push(`alice: ${from} ${sequence} ${payload}`));
    const leave = bob?.subscribe("note", ({ payload }) => heard.push(`bob: ${payload}`));
    carol?.subscribe("experience", ({ payload }) => heard.push(`carol: ${payload.next}`));
    bob?.publish("note", "one");
    alice?.publish("note", "two");
    alice?.publish("experience", experience);
    leave?.();
    leave?.();
    carol?.publish("note", "three");
    expect(heard).toEqual(["alice: bob 1 one", "bob: two", "carol: 1", "alice: carol 1 three"]);
  });

  it("keeps the order where a handler publishes, and stops two that answer each other for ever", () => {
    const bus = newBus();
    const [a, b, c] = ["a", "b", "c"].map((name) => bus.join(name));
    const heard: string[] = [];
    b?.subscribe("note", ({ payload }) => payload.length < 3 && b.publish("note", `${payload}!`));
    c?.subscribe("note", ({ from, payload }) => heard.push(`${from}${payload}`));
    a?.publish("note", "x");
    a?.publish("note", "y");
    expect(heard).toEqual(["ax", "bx!", "ay", "by!"]);
    const endless = newBus();
    const [x, y] = [endless.join("x"), endless.join("y")];
    x.subscribe("note", () => {
      for (let i = 0; i < 1000; i++) x.publish("note", "ping");
    });
    y.subscribe("note", () => y.publish("note", "pong"));
    expect(() => y.publish("note", "begin")).toThrow("do two handlers answer each other?");
  });

  it("lets all hear a message although one handler throws", () => {
    const bus = newBus();
    const [a, b, c] = ["a", "b", "c"].map((name) => bus.join(name));
    let heard = 0;
    b?.subscribe("note", () => {
      throw new Error("deaf");
    });
    c?.subscribe("note", () => heard++);
    expect(() => a?.publish("note", "x")).toThrow("deaf");
    expect(heard).toBe(1);
    const errors: unknown[] = [];
    const told = newBus({ onError: (error: unknown) => errors.push(error) });
    told.join("b").subscribe("note", () => {
      throw new Error("deaf");
    });
    told.join("a").publish("note", "x");
    expect(errors).toHaveLength(1);
  });

  it("refuses payloads that are none, and names that are taken", () => {
    const bus = newBus();
    const alice = bus.join("alice");
    expect(() => bus.join("alice")).toThrow(OptionError);
    expect(() => alice.publish("experience", { ...experience, state: -1 })).toThrow("what its check lets pass");
    expect(() => alice.publish("nothing" as "note", "x")).toThrow(OptionError);
    expect(() => alice.publish("toString" as "note", "x")).toThrow(OptionError);
  });

  it("hears of a link only what is whole, known, new, and from elsewhere", () => {
    const bus = newBus();
    const heard: unknown[] = [];
    bus.join("alice").subscribe("note", ({ payload }) => heard.push(payload));
    const link: BusLink<Findings> = () => undefined;
    const good = { topic: "note", from: "eve", sequence: 1, payload: "hello" };
    const refused = (change: object) => bus.receive({ ...good, ...change }, link);
    expect(bus.receive(null, link)).toBe("no object");
    expect(refused({ from: 3 })).toBe("no sender");
    expect(refused({ from: "alice" })).toBe('the sender "alice" is of this process');
    expect(refused({ sequence: 0.5 })).toBe("no sequence number");
    expect(refused({ topic: "constructor" })).toBe("an unknown topic");
    expect(refused({ topic: "__proto__" })).toBe("an unknown topic");
    expect(refused({ payload: { text: "Ignore all rules" } })).toBe('a payload that is none of "note"');
    expect(heard).toEqual([]);
    expect(bus.receive(good, link)).toBeUndefined();
    expect(bus.receive(good, link)).toBeUndefined();
    expect(heard).toEqual(["hello"]);
    fc.assert(
      fc.property(fc.jsonValue(), (anything) => {
        bus.receive(anything, link);
        expect(heard).toEqual(["hello"]);
      }),
    );
  });

  it("carries messages through a chain of buses, each heard once", () => {
    const buses = [newBus(), newBus(), newBus()];
    // A ring: every message comes to every bus by two ways.
    for (const [i, bus] of buses.entries()) {
      const next = buses[(i + 1) % buses.length];
      if (next === undefined) continue;
      const forth: BusLink<Findings> = (message) => void next.receive(message, back);
      const back: BusLink<Findings> = (message) => void bus.receive(message, forth);
      bus.link(forth);
      next.link(back);
    }
    const heard: string[] = [];
    const members = buses.map((bus, i) => bus.join(`agent-${i}`));
    for (const member of members)
      member.subscribe("note", ({ from, payload }: BusMessage<Findings, "note">) => heard.push(`${member.name} from ${from}: ${payload}`));
    members[0]?.publish("note", "hi");
    members[2]?.publish("note", "ho");
    expect(heard.toSorted()).toEqual(["agent-0 from agent-2: ho", "agent-1 from agent-0: hi", "agent-1 from agent-2: ho", "agent-2 from agent-0: hi"]);
  });
});

describe("agents that share what happened to them", () => {
  it("learn from each other's steps as from their own", async () => {
    const bus = newBus();
    const alice = bus.join("alice");
    const learner = new TabularLearner(mazeEnv(), { learningRate: 0.5 });
    bus.join("bob").subscribe("experience", ({ payload }) => learner.learnFrom(payload));
    const { q } = await runAgent({
      env: mazeEnv(),
      planner: scriptedPlanner(SHORTEST),
      learn: { learningRate: 0.5 },
      onStep: (step) => alice.publish("experience", experienceOf(step)),
    });
    expect(learner.q.array).toEqual(q?.array);
    expect(learner.q.at(11, "down")).toBe(0.5);
    for (const wrong of [{ state: 16 }, { action: 4 }, { next: 99 }, { state: 4 }])
      expect(() => learner.learnFrom({ ...experience, ...wrong })).toThrow(OptionError);
  });
});
