// Packages that are there only if the user installed them, looked for when first needed.
import { PriorError } from "../../errors.ts";

/**
 * An optional package's exports.
 *
 * @throws PriorError saying how to install it.
 */
export async function loadPeer(name: string, install: string): Promise<unknown> {
  try {
    // A name held in a variable, so that compilers and bundlers do not ask for the package.
    const found: unknown = await import(/* @vite-ignore */ name);
    return found;
  } catch (cause) {
    throw new PriorError(
      `the package ${name} cannot be loaded (${cause instanceof Error ? cause.message.split("\n")[0] : String(cause)}), expected it to be installed.`,
      {
        hint: `${install}; or pass the imported package as \`library\`.`,
        cause,
      },
    );
  }
}
