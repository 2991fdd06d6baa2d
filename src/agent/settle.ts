// From what the planner wants to what is done: the shield's word, and the replacement where there is none or it is blocked.
import { bestOffer, type Offer } from "./offer.ts";
import type { Shield, ShieldDecision } from "./shield.ts";

export interface Wish<S, A> {
  readonly state: S;
  readonly offers: readonly Offer<A>[];
  /** The action wanted; undefined where no answer was usable. */
  readonly wanted: Offer<A> | undefined;
  /** All offers, the planner's best first, where it scored them. */
  readonly ranking: readonly Offer<A>[] | undefined;
  readonly shield: Shield<S, A> | undefined;
}

export interface Settled<A> {
  /** What to take; undefined where all are blocked. */
  readonly taken: Offer<A> | undefined;
  /** What the shield decided against. */
  readonly decision: ShieldDecision | undefined;
}

/**
 * The wanted action if nothing blocks it. Otherwise, of the allowed ones: the planner's next best where it scored them, the
 * shield's safest, the one learned best, the first.
 */
export function settle<S, A>({ state, offers, wanted, ranking, shield }: Wish<S, A>): Settled<A> {
  const reason = wanted === undefined ? undefined : shield?.blocks(state, wanted.action);
  if (wanted !== undefined && reason === undefined) return { taken: wanted, decision: undefined };
  const allowed = offers.filter((offer) => shield?.blocks(state, offer.action) === undefined);
  const decision =
    shield === undefined || wanted === undefined || reason === undefined
      ? undefined
      : { shield: shield.name, blocked: wanted.name, reason, allowed: allowed.map((offer) => offer.name) };
  const next = ranking?.find((offer) => allowed.includes(offer));
  return { taken: next ?? safestOffer(state, allowed, shield) ?? bestOffer(allowed), decision };
}

/** The shield's choice among what it allows; a choice outside of that is not taken. */
function safestOffer<S, A>(state: S, allowed: readonly Offer<A>[], shield: Shield<S, A> | undefined): Offer<A> | undefined {
  if (shield?.safest === undefined || allowed.length === 0) return undefined;
  const safest = shield.safest(
    state,
    allowed.map((offer) => offer.action),
  );
  return allowed.find((offer) => offer.action === safest);
}
