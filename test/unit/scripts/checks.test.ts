// The readers behind the repository's own checks: what counts as code, what as an import, what as a code block.
import { describe, expect, test } from "vitest";
import { blankOut, lineAt } from "../../../scripts/blank-out.ts";
import { codeBlocks } from "../../../scripts/code-blocks.ts";
import { findCycles, importsOf } from "../../../scripts/import-graph.ts";

describe("blankOut", () => {
  const code = (source: string) => blankOut(source, ["code"]);

  test.each([
    ['a = "x!" // y!', 'a = "  "      '],
    ["a /* b! */ c", "a          c"],
    ["a = '\\'!' + b", "a = '   ' + b"],
    ["f(`t! ${g(`u!`)} v!`)", "f(`   ${g(`  `)}   `)"],
    ["`${{ a: 1 }}!`", "`${{ a: 1 }} `"],
    ["x = /a!\\/[/]!/g; y", "x = /        /g; y"],
    ["a / b / c", "a / b / c"],
    ['"unclosed\nnext', '"        \nnext'],
    ["#!/usr/bin/env node\nrun", "                   \nrun"],
  ])("%j keeps code only", (source, kept) => expect(code(source)).toBe(kept));

  test("keeps comments only, or strings too", () => {
    expect(blankOut('a = "s"; // c', ["comment"])).toBe("         // c");
    expect(blankOut('a = "s"; // c', ["code", "string"])).toBe('a = "s";     ');
  });

  test("counts lines from 1", () => {
    expect(lineAt("a\nb\nc", 0)).toBe(1);
    expect(lineAt("a\nb\nc", 4)).toBe(3);
  });
});

describe("importsOf", () => {
  const specifiers = (source: string) => importsOf("src/mdp/define.ts", source).map(({ specifier, to, line }) => [specifier, to, line]);

  test("finds every form of import", () => {
    const source = [
      'import { a, type B } from "./labels.ts";',
      'import type { C } from "../errors.ts";',
      'import * as all from "mathjs";',
      'import one, { two } from "commander";',
      'import "./side-effect.ts";',
      'export { d } from "./storage.ts";',
      'export * from "./tables.ts";',
      'const late = await import("node:fs");',
      "import {",
      "  long,",
      '} from "./long.ts";',
    ].join("\n");
    expect(specifiers(source)).toEqual([
      ["./labels.ts", "src/mdp/labels.ts", 1],
      ["../errors.ts", "src/errors.ts", 2],
      ["mathjs", undefined, 3],
      ["commander", undefined, 4],
      ["./side-effect.ts", "src/mdp/side-effect.ts", 5],
      ["./storage.ts", "src/mdp/storage.ts", 6],
      ["./tables.ts", "src/mdp/tables.ts", 7],
      ["node:fs", undefined, 8],
      ["./long.ts", "src/mdp/long.ts", 9],
    ]);
  });

  test("finds none in comments, strings and templates", () => {
    expect(specifiers('// import "a"\n/* import { b } from "b" */\nconst text = `import { c } from "c"`;')).toEqual([]);
    expect(specifiers("const text = 'import \"a\"';")).toEqual([]);
  });
});

describe("findCycles", () => {
  const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));

  test("names the nodes of a circle", () => {
    expect(findCycles(graph({ a: ["b"], b: ["c"], c: ["b", "d"], d: [] }))).toEqual([["b", "c"]]);
    expect(findCycles(graph({ a: ["a"] }))).toEqual([["a"]]);
  });

  test("finds none where paths only meet again", () => {
    expect(findCycles(graph({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }))).toEqual([]);
  });
});

describe("codeBlocks", () => {
  test("come with language, flags, code and line", () => {
    const text = "# Title\n\n```sh run\nls\n```\n\ntext\n\n````ts\nconst a = `\n```\n`;\n````\n```\nplain\n```\n";
    expect(codeBlocks(text)).toEqual([
      { language: "sh", flags: ["run"], code: "ls\n", line: 4 },
      { language: "ts", flags: [], code: "const a = `\n```\n`;\n", line: 10 },
      { language: "", flags: [], code: "plain\n", line: 15 },
    ]);
  });

  test("that never end are an error", () => {
    expect(() => codeBlocks("a\n```ts\nb")).toThrow("line 3 is never closed");
  });
});
