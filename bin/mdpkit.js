#!/usr/bin/env node
// The mdpkit command: looks at what it runs on, then hands over to the built command line.
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
const entry = new URL("../dist/node/cli.js", import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`mdpkit runs on Node ${process.versions.node}, expected 20.19 or later. Hint: install a newer Node from https://nodejs.org.\n`);
  process.exitCode = 3;
} else if (!existsSync(entry)) {
  process.stderr.write("mdpkit is not built: dist/node/cli.js is missing. Hint: run `npm ci` (or `npm run build`) in the checkout first.\n");
  process.exitCode = 3;
} else {
  const { main } = await import(entry.href);
  await main(process.argv.slice(2));
}
