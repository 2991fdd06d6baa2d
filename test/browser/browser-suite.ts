// What every browser test needs: a browser for the file, a page for each test that reports what it complained of, and a skip with the reason where none is.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { missingChromium, startChromium } from "./chromium.ts";

export interface BrowserSuite {
  /** A new page. What it writes to its console as a warning or an error, and errors nobody caught, are added to `complaints`. */
  newPage(options?: Parameters<Browser["newPage"]>[0]): Promise<{ readonly page: Page; readonly complaints: string[] }>;
}

/** Registers hooks that start and end a browser. Call it in a `describe` or at the top of a file. */
export function browserSuite(graphics: Parameters<typeof startChromium>[0]): BrowserSuite {
  const missing = missingChromium();
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (missing === undefined) browser = await startChromium(graphics);
  });
  afterAll(() => browser?.close());
  beforeEach(({ skip }) => skip(missing !== undefined, missing));

  return {
    async newPage(options) {
      if (browser === undefined) throw new Error("the browser has not been started: newPage is for tests");
      const page = await browser.newPage(options);
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      return { page, complaints };
    },
  };
}
