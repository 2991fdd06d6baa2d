// The memory of an episode: bounded in steps and in characters, the oldest forgotten first.
import { describe, expect, it } from "vitest";
import { Memory } from "../../../src/agent/index.ts";

const turn = (observation: string) => ({ observation, action: "go", feedback: "ok" });

describe("Memory", () => {
  it("keeps the last steps, at most so many", () => {
    const memory = new Memory({ turns: 2 });
    for (const text of ["a", "b", "c"]) memory.remember(turn(text));
    expect(memory.turns.map((kept) => kept.observation)).toEqual(["b", "c"]);
  });

  it("forgets the oldest where they hold too many characters, all of them if one alone does", () => {
    const memory = new Memory({ characters: 30 });
    for (const text of ["a".repeat(10), "b".repeat(10), "c".repeat(10)]) memory.remember(turn(text));
    // Each holds 14 characters.
    expect(memory.turns.map((kept) => kept.observation.charAt(0))).toEqual(["b", "c"]);
    memory.remember(turn("d".repeat(31)));
    expect(memory.turns).toEqual([]);
    memory.remember(turn("e"));
    expect(memory.turns).toHaveLength(1);
  });

  it("remembers nothing where told so, and refuses bad limits", () => {
    const none = new Memory({ turns: 0 });
    none.remember(turn("a"));
    expect(none.turns).toEqual([]);
    expect(() => new Memory({ turns: 1.5 })).toThrow("memory.turns is 1.5, expected an integer of at least 0.");
    expect(() => new Memory({ characters: -1 })).toThrow("memory.characters is -1");
  });
});
