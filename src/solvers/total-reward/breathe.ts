// Long graph work that gives way now and then.

/** Gives way if it is time to. */
export type Breathe = () => Promise<void> | undefined;

/** How many steps of graph work pass between two looks at the clock: about a millisecond. */
export const STEPS = 16384;
