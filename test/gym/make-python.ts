// Before the tests: a Python with real gymnasium, made by scripts/make-gymnasium-venv.sh, or the reason why there is none.
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the script ends with where the machine lacks something: no fault of ours. */
const MISSING = 3;

export default async function setup(): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)(resolve(ROOT, "scripts/make-gymnasium-venv.sh"), { cwd: ROOT });
    process.env.MDPKIT_GYM_PYTHON = resolve(ROOT, stdout.trim());
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === MISSING && "stderr" in error)) throw error;
    process.env.MDPKIT_GYM_MISSING = String(error.stderr).trim().split("\n").at(-1);
  }
}
