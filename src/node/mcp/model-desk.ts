// What the server does, apart from the protocol: models defined, checked, solved, simulated and explained, within limits.
import { simulate, toEnv } from "../../envs/index.ts";
import { formatIssue, InvalidModelError, MdpkitError, OptionError } from "../../errors.ts";
import { checkMdp, type Label, type LabelIndex, type Mdp } from "../../mdp/index.ts";
import { Policy, policySpace } from "../../policies/index.ts";
import { type MethodName, type Solution, solve } from "../../solvers/index.ts";
import { plural, short } from "../format-number.ts";
import { type ActionExplanation, explainAction } from "./explain-action.ts";
import { LimitError, type McpLimits, Turns } from "./limits.ts";
import { type GivenModel, readGivenModel } from "./read-given-model.ts";

/** An answer: a line or two to read, and the same as data. */
export interface Answer {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Set where what was asked for was not reached, such as an accuracy in the time there is. */
  readonly failed?: boolean;
}

export interface SolveRequest {
  readonly name: string;
  readonly epsilon?: number | undefined;
  readonly method?: MethodName | undefined;
  readonly maxSeconds?: number | undefined;
  /** Which states' answers are listed; by default the first ones. */
  readonly states?: readonly Label[] | undefined;
}

export interface SimulateRequest {
  readonly name: string;
  readonly episodes: number;
  readonly maxSteps: number;
  readonly seed: number;
  /** `optimal` takes the last solution's; an object names an action for every state that is met. */
  readonly policy: "optimal" | "uniform" | Readonly<Record<string, Label>>;
}

/** Issues and warnings in one answer. */
const LISTED_ISSUES = 20;
/** States in one answer where none are asked for. */
const LISTED_STATES = 20;

interface Entry {
  readonly mdp: Mdp<Label, Label>;
  solution: Solution<Label, Label> | undefined;
}

/** The models of one client. */
export class ModelDesk {
  readonly #limits: McpLimits;
  readonly #turns: Turns;
  readonly #models = new Map<string, Entry>();

  constructor(limits: McpLimits) {
    this.#limits = limits;
    this.#turns = new Turns(limits.concurrent);
  }

  /** Keeps a model under a name; one of that name is replaced. */
  async define(name: string, given: GivenModel, discount: number | undefined, signal?: AbortSignal): Promise<Answer> {
    if (!this.#models.has(name) && this.#models.size >= this.#limits.models)
      throw new LimitError("the number of models", this.#models.size + 1, this.#limits.models, "define it under a name that is taken: it replaces that model.");
    const mdp = await this.#inTime(signal, (within) => readGivenModel(given, discount, this.#limits, within));
    this.#models.set(name, { mdp, solution: undefined });
    return { text: `${name} is defined: ${inWords(mdp)}.`, data: { name, ...factsOf(mdp) } };
  }

  /** What is wrong with a model, or worth knowing; nothing is kept. */
  async check(given: GivenModel, discount: number | undefined, signal?: AbortSignal): Promise<Answer> {
    try {
      const mdp = await this.#inTime(signal, (within) => readGivenModel(given, discount, this.#limits, within));
      const { warnings, total } = checkMdp(mdp);
      const lines = warnings.slice(0, LISTED_ISSUES).map(formatIssue);
      return {
        text: [`The model is valid: ${inWords(mdp)}.`, ...lines].join("\n"),
        data: { valid: true, ...factsOf(mdp), warnings: lines, warningCount: total },
      };
    } catch (error) {
      if (!(error instanceof MdpkitError) || error instanceof LimitError) throw error;
      const issues = error instanceof InvalidModelError ? error.issues.slice(0, LISTED_ISSUES).map(formatIssue) : [error.message];
      const count = error instanceof InvalidModelError ? error.total : 1;
      return { text: [`The model is not valid, ${plural(count, "fault")}:`, ...issues].join("\n"), data: { valid: false, issues, issueCount: count } };
    }
  }

  /** Solves a model to proven bounds and keeps the answer. */
  async solve(request: SolveRequest, signal?: AbortSignal): Promise<Answer> {
    const entry = this.#entry(request.name);
    const { epsilon, method } = request;
    const asked = request.states?.map((label) => indexOf(entry.mdp.states, label));
    const started = performance.now();
    const solution = await this.#inTurn(signal, (within) => {
      const left = this.#limits.seconds - (performance.now() - started) / 1000;
      const maxSeconds = Math.max(0.001, Math.min(left, request.maxSeconds ?? Infinity));
      return solve(entry.mdp, { epsilon, method, maxSeconds, signal: within });
    });
    entry.solution = solution;
    // Which of the two saw the end of the time first makes no difference.
    const status = solution.status === "aborted" && signal?.aborted !== true ? "max-time" : solution.status;
    return solveAnswer(request.name, { ...solution, status }, asked);
  }

  /** Plays a policy. */
  async simulate(request: SimulateRequest, signal?: AbortSignal): Promise<Answer> {
    const { name, episodes, maxSteps, seed } = request;
    const entry = this.#entry(name);
    if (episodes * maxSteps > this.#limits.steps)
      throw new LimitError("episodes times maxSteps", episodes * maxSteps, this.#limits.steps, "ask for fewer or shorter episodes.");
    const policy = this.#policy(entry, request);
    const played = await this.#inTurn(signal, async (within) => {
      const result = await simulate(toEnv(entry.mdp, { maxSteps }), policy, { episodes, seed, signal: within });
      if (result.status === "aborted") throw within.reason;
      return result;
    });
    const { meanReturn, standardError, meanLength, truncated, steps, discount } = played;
    return {
      text: `${plural(episodes, "episode")} of ${name}: mean return ${short(meanReturn)} with standard error ${short(standardError, 2)} at discount ${discount}, mean length ${short(meanLength)}, ${truncated} cut off after ${maxSteps} steps.`,
      data: { name, episodes: played.episodes, meanReturn, standardError, meanLength, truncated, steps, discount, seed },
    };
  }

  /** Why an action. */
  explain(name: string, state: Label, action: Label | undefined): Answer {
    const { mdp, solution } = this.#entry(name);
    if (solution === undefined) throw notSolved(name);
    const explained: ActionExplanation = explainAction(solution, indexOf(mdp.states, state), action === undefined ? undefined : indexOf(mdp.actions, action));
    return { text: explained.sentence, data: { name, ...explained } };
  }

  /** What there is. */
  list(): Answer {
    const models = [...this.#models].map(([name, { mdp, solution }]) => ({ name, ...factsOf(mdp), solved: solution?.status ?? null }));
    return {
      text: models.length === 0 ? "No model is defined." : models.map(({ name, states }) => `${name}: ${plural(states, "state")}`).join("\n"),
      data: { models },
    };
  }

  #entry(name: string): Entry {
    const entry = this.#models.get(name);
    if (entry !== undefined) return entry;
    const names = [...this.#models.keys()];
    throw new OptionError("name", name, names.length === 0 ? "a model that is defined" : `one of ${names.join(", ")}`, "call define first.");
  }

  #policy({ mdp, solution }: Entry, { name, policy }: SimulateRequest): Policy<Label, Label> {
    if (policy === "uniform") return Policy.uniform(policySpace(mdp));
    if (policy === "optimal") {
      if (solution === undefined) throw notSolved(name);
      return solution.policy;
    }
    const table = new Map(Object.entries(policy));
    return Policy.from<Label, Label>(policySpace(mdp), (state) => {
      const given = table.get(mdp.states.name(mdp.states.indexOf(state)));
      if (given === undefined) throw new OptionError(`policy[${JSON.stringify(String(state))}]`, undefined, "an action for every state with choices");
      return mdp.actions.at(indexOf(mdp.actions, given));
    });
  }

  #inTurn<T>(signal: AbortSignal | undefined, work: (within: AbortSignal) => Promise<T>): Promise<T> {
    return this.#inTime(signal, (within) => this.#turns.take(() => work(within), within));
  }

  /** The work under the server's time limit; a limit that is met is told as one. */
  async #inTime<T>(signal: AbortSignal | undefined, work: (within: AbortSignal) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(this.#limits.seconds * 1000);
    try {
      return await work(signal === undefined ? limit : AbortSignal.any([signal, limit]));
    } catch (error) {
      if (limit.aborted && error === limit.reason)
        throw new LimitError(
          "the time of the call, in seconds,",
          `over ${this.#limits.seconds}`,
          this.#limits.seconds,
          "ask for less, or start the server with a higher limit.",
        );
      throw error;
    }
  }
}

function solveAnswer(name: string, solution: Solution<Label, Label>, asked: readonly number[] | undefined): Answer {
  const { mdp, status, method, gap, epsilon, sweeps, seconds, discount, objective, value, bounds, policy } = solution;
  const listed = asked ?? Array.from({ length: Math.min(LISTED_STATES, mdp.stateCount) }, (_, s) => s);
  const states = listed.map((s) => ({
    state: mdp.states.name(s),
    value: value.array[s]!,
    lower: bounds.lower.array[s]!,
    upper: bounds.upper.array[s]!,
    action: policy.modeAt(s) < 0 ? null : mdp.actions.name(mdp.storage.choiceAction[policy.modeAt(s)]!),
  }));
  const proof = `every value within ${short(gap / 2, 2)} of the true optimum, proven`;
  const text =
    status === "converged"
      ? `${name} is solved by ${method} in ${plural(sweeps, "sweep")}: ${proof}.`
      : `${name} is not solved to ${short(epsilon)}: ${status} after ${plural(sweeps, "sweep")}; ${Number.isFinite(gap) ? proof : "nothing is proven yet"}. Hint: ask for a larger epsilon or a smaller model.`;
  const data = { name, status, method, gap, epsilon, sweeps, seconds, discount, objective, states, more: mdp.stateCount - states.length };
  return { text, data, failed: status !== "converged" };
}

function factsOf(mdp: Mdp<Label, Label>) {
  return {
    states: mdp.stateCount,
    actions: mdp.actions.toArray().slice(0, LISTED_STATES).map(String),
    choices: mdp.choiceCount,
    branches: mdp.branchCount,
    discount: mdp.discount ?? null,
    objective: mdp.objective,
  };
}

function inWords(mdp: Mdp<Label, Label>): string {
  const discount = mdp.discount === undefined ? "no discount" : `discount ${mdp.discount}`;
  return `${plural(mdp.stateCount, "state")}, ${plural(mdp.choiceCount, "choice")}, ${plural(mdp.branchCount, "branch", "branches")}, ${discount}, ${mdp.objective}`;
}

/** A label as a client writes it: as it is, or a number as text. @throws UnknownLabelError */
function indexOf(labels: LabelIndex<Label>, label: Label): number {
  const found = labels.find(label);
  if (found >= 0) return found;
  const other = typeof label === "number" ? labels.find(String(label)) : /^\d+$/.test(label) ? labels.find(Number(label)) : -1;
  return other >= 0 ? other : labels.indexOf(label);
}

function notSolved(name: string): OptionError {
  return new OptionError("the solution of the model", name, "one that is there", "call solve first.");
}
