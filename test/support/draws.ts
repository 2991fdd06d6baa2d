// Property tests draw the same models in every run, so that a run can be repeated; MDPKIT_DRAWS=random, or a number, draws others.
import fc from "fast-check";

const asked = process.env.MDPKIT_DRAWS ?? "1";
if (asked !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });
