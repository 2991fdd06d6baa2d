// Calling a function of a module beside the in-page document, from a test.
import type { Page } from "playwright-core";

declare global {
  /** Set by in-page/index.html. */
  var callExport: (module: string, name: string, argument: unknown) => Promise<unknown>;
}

/**
 * Calls `in-page/MODULE.ts`'s export `name` in the page.
 *
 * @typeParam Argument plain data. @typeParam Answer what the export's promise resolves to: plain data, for the caller to name rightly.
 */
export async function callInPage<Argument, Answer>(page: Page, module: string, name: string, argument: Argument): Promise<Answer> {
  const given = { module: new URL(`${module}.ts`, page.url()).href, name, argument: argument as unknown };
  return (await page.evaluate((call) => globalThis.callExport(call.module, call.name, call.argument), given)) as Answer;
}
