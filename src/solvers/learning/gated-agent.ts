// Any agent behind a gate: the gate sees where its episodes begin and end and what they pay.
import type { Agent, AgentState } from "./agent.ts";
import type { PriorGate } from "./prior-gate.ts";

/** Learns as `agent` does, whose memory picks by `gate.explore`. */
export class GatedAgent<S, A> implements Agent {
  private readonly agent: Agent;
  private readonly gate: PriorGate<S, A>;

  constructor(agent: Agent, gate: PriorGate<S, A>) {
    this.agent = agent;
    this.gate = gate;
  }

  begin(state: number): number {
    this.gate.begin();
    return this.agent.begin(state);
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    this.gate.record(reward);
    // First the agent, then the verdict: what is picked in this episode is picked by one rule.
    const choice = this.agent.observe(reward, next, terminated, over);
    if (over) this.gate.end(terminated);
    return choice;
  }

  abandon(): void {
    this.agent.abandon();
    this.gate.end(false);
  }

  save(): AgentState {
    return { ...this.agent.save(), ...this.gate.save() };
  }

  load(saved: AgentState): void {
    this.agent.load(saved);
    this.gate.load(saved);
  }
}
