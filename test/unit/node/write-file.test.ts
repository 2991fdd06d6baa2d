// Files are written whole or not at all.
import { execFile } from "node:child_process";
import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkWritable, writeFileAtomically } from "../../../src/node/write-file.ts";
import { temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test("a new file, an old one replaced with its mode kept, nothing left beside them", async () => {
  await writeFileAtomically(folder.at("new.json"), ["{", '"a":1', "}"]);
  expect(await readFile(folder.at("new.json"), "utf8")).toBe('{"a":1}');
  await writeFile(folder.at("old.bin"), "old");
  await chmod(folder.at("old.bin"), 0o640);
  await writeFileAtomically(folder.at("old.bin"), Uint8Array.of(1, 2, 3));
  expect([...(await readFile(folder.at("old.bin")))]).toEqual([1, 2, 3]);
  expect((await stat(folder.at("old.bin"))).mode & 0o777).toBe(0o640);
  expect(await folder.files()).toEqual(["new.json", "old.bin"]);
});

test("content that fails half way leaves the old file and nothing else", async () => {
  function* failing() {
    yield "half";
    throw new Error("no more");
  }
  await writeFile(folder.at("kept.json"), "old");
  await expect(writeFileAtomically(folder.at("kept.json"), failing())).rejects.toThrow("no more");
  await expect(writeFileAtomically(folder.at("never.json"), failing())).rejects.toThrow("no more");
  expect(await readFile(folder.at("kept.json"), "utf8")).toBe("old");
  expect(await folder.files()).toEqual(["kept.json"]);
});

test("a symbolic link stays a link, its target is replaced", async () => {
  await writeFile(folder.at("target.json"), "old");
  await symlink(folder.at("target.json"), folder.at("link.json"));
  await writeFileAtomically(folder.at("link.json"), "new");
  expect((await lstat(folder.at("link.json"))).isSymbolicLink()).toBe(true);
  expect(await readFile(folder.at("target.json"), "utf8")).toBe("new");
});

test("a pipe is written to, not replaced", async () => {
  await promisify(execFile)("mkfifo", [folder.at("pipe")]);
  const reader = promisify(execFile)("cat", [folder.at("pipe")]);
  await writeFileAtomically(folder.at("pipe"), ["through ", "the pipe"]);
  expect((await reader).stdout).toBe("through the pipe");
  expect((await stat(folder.at("pipe"))).isFIFO()).toBe(true);
});

test("a missing folder and a folder in place of the file are told before and after", async () => {
  await expect(writeFileAtomically(folder.at("no/such/file.json"), "x")).rejects.toThrow(
    /cannot be written: there is no such file or folder \(ENOENT\)\. Hint: create the folder/,
  );
  await expect(checkWritable(folder.at("no/such/file.json"))).rejects.toThrow(/ENOENT/);
  await mkdir(folder.at("folder.json"));
  await expect(checkWritable(folder.at("folder.json"))).rejects.toThrow("it is a folder, expected a file");
  await expect(writeFileAtomically(folder.at("folder.json"), "x")).rejects.toThrow(/EISDIR/);
  await expect(checkWritable(folder.at("fine.json"))).resolves.toBeUndefined();
  expect(await folder.files()).toEqual(["folder.json"]);
});
