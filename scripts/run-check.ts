// How a check ends: nothing but its own lines where it holds, one message and exit status 1 where it does not.

/** Runs a check; an error is told by its message alone, for the message says all there is to say. */
export async function runCheck(check: () => void | Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
