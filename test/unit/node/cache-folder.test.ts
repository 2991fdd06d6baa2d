// Where caches are kept on each system.
import { expect, test } from "vitest";
import { cacheFolder } from "../../../src/node/cache-folder.ts";

test.each([
  ["linux", { HOME: "/home/u" }, "/home/u/.cache/mdpkit"],
  ["linux", { HOME: "/home/u", XDG_CACHE_HOME: "/caches" }, "/caches/mdpkit"],
  ["linux", { HOME: "/home/u", XDG_CACHE_HOME: "relative" }, "/home/u/.cache/mdpkit"],
  ["darwin", { HOME: "/Users/u" }, "/Users/u/Library/Caches/mdpkit"],
  ["win32", { LOCALAPPDATA: "/local" }, "/local/mdpkit/Cache"],
  ["win32", { USERPROFILE: "/users/u" }, "/users/u/AppData/Local/mdpkit/Cache"],
] as const)("%s %j", (system, env, expected) => {
  expect(cacheFolder(env, system)).toBe(expected);
});
