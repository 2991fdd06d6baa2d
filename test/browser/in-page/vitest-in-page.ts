// What suites import from "vitest", where they run in a page: vitest's own runner and matchers, without what needs its server.
import { ASYMMETRIC_MATCHERS_OBJECT, chai, type ExpectStatic, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState } from "@vitest/expect";

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from "@vitest/runner";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

const matchers: unknown = Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT);

/** `expect(value)` with vitest's matchers; snapshots, `poll` and `soft` are not there. */
export const expect: ExpectStatic = Object.assign(((value: unknown, message?: string) => chai.expect(value, message)) as ExpectStatic, chai.expect, matchers);

setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);
