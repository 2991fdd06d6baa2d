// mdpkit demo: the seven steps, from the recording and from a server; the report.
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeServer } from "./fake-server.ts";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test("with the recording: seven steps, said to be a recording wherever it shows, one report", async () => {
  const { code, stdout, stderr } = await mdpkit(["demo"], { cwd: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (let step = 1; step <= 7; step++) expect(stdout).toMatch(new RegExp(`^${step}  \\S`, "m"));
  expect(stdout).toContain("A . . .\n   # # . #\n   . . . .\n   # . # G");
  expect(stdout).toMatch(/recording of .+ made \d{4}-\d\d-\d\d/);
  expect(stdout).toMatch(/the episode ended: \d+ steps, reward 1/);
  expect(await folder.files()).toEqual(["mdpkit-report.html"]);
  const html = await readFile(folder.at("mdpkit-report.html"), "utf8");
  expect(html).toMatch(/recording of/i);
  expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
});

test("the same seed prints the same, but for times; --quiet prints nothing", async () => {
  const untimed = (text: string) => text.replaceAll(/[\d.]+ (ms|s)\b/g, "T").replaceAll(/ {2,}/g, "  ");
  const first = await mdpkit(["demo", "--seed", "5"], { cwd: folder.path });
  const second = await mdpkit(["demo", "--seed", "5", "--report", "again.html"], { cwd: folder.path });
  expect(untimed(second.stdout).replace("again.html", "mdpkit-report.html")).toBe(untimed(first.stdout));
  expect(await mdpkit(["demo", "--quiet"], { cwd: folder.path })).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("with a server: asked live, never called a recording", async () => {
  const server = await fakeServer();
  const { code, stdout } = await mdpkit(["demo", "--llm", server.url, "--cache", "off", "--llm-model", "other"], { cwd: folder.path });
  await server.close();
  expect(code).toBe(0);
  expect(stdout).toContain("other, asked live");
  expect(stdout).not.toMatch(/recording/);
  expect(await readFile(folder.at("mdpkit-report.html"), "utf8")).not.toMatch(/recording of/i);
});
