// A typed message bus: agents tell each other what they found, by topics whose payloads are checked. Messages are data; none is ever run.
import { OptionError } from "../errors.ts";

/** Topics with their payloads: `{ experience: Experience; note: string }`. */
export type Topics = object;

/** For each topic, whether something is a payload of it: what arrives from another process may be anything. */
export type TopicChecks<T extends Topics> = { readonly [K in keyof T]: (payload: unknown) => payload is T[K] };

/** A topic's name, as text. */
export type TopicOf<T extends Topics> = keyof T & string;

export interface BusMessage<T extends Topics, K extends TopicOf<T> = TopicOf<T>> {
  readonly topic: K;
  /** Who said it. */
  readonly from: string;
  /** Counts a sender's messages, from 1: what was seen before is not delivered again. */
  readonly sequence: number;
  readonly payload: T[K];
}

/** One agent's end of the bus. */
export interface BusMember<T extends Topics> {
  readonly name: string;
  /** Tells all others, after every message published before. @throws OptionError for a payload that is none, or where handlers answer each other for ever. */
  publish<K extends TopicOf<T>>(topic: K, payload: T[K]): void;
  /** Hears what others say on a topic. Answers what ends it. */
  subscribe<K extends TopicOf<T>>(topic: K, handler: (message: BusMessage<T, K>) => void): () => void;
}

/** Carries messages elsewhere, such as over a pipe. */
export type BusLink<T extends Topics> = (message: BusMessage<T>) => void;

export interface BusOptions {
  /** Told of errors that handlers throw; the others still hear the message. Default: they are thrown once all have heard it. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Messages that handlers publish before all is said: more are taken for two that answer each other for ever, and what is left is dropped. */
const MOST_IN_A_ROW = 10_000;

type AnyHandler<T extends Topics> = (message: BusMessage<T>) => void;

/**
 * Delivers messages in the order they were published, within this process; links carry them to others.
 *
 * @example
 * const bus = new MessageBus<{ experience: Experience }>({ experience: isExperience });
 * const alice = bus.join("alice");
 * bus.join("bob").subscribe("experience", ({ payload }) => learner.learnFrom(payload));
 * alice.publish("experience", { state: 0, action: 3, reward: 0, next: 1, terminated: false });
 */
export class MessageBus<T extends Topics> {
  readonly #checks: TopicChecks<T>;
  readonly #onError: ((error: unknown) => void) | undefined;
  readonly #members = new Set<string>();
  readonly #handlers: { readonly topic: string; readonly member: string; readonly handler: AnyHandler<T> }[] = [];
  readonly #links = new Set<BusLink<T>>();
  /** The last message heard of every sender. */
  readonly #heard = new Map<string, number>();
  readonly #line: { readonly message: BusMessage<T>; readonly by: BusLink<T> | undefined }[] = [];
  #delivering = false;

  constructor(checks: TopicChecks<T>, options: BusOptions = {}) {
    this.#checks = checks;
    this.#onError = options.onError;
  }

  /** An agent's own end. @throws OptionError for a name that is taken. */
  join(name: string): BusMember<T> {
    if (name === "" || this.#members.has(name)) throw new OptionError("the name on the bus", name, "one that is not taken");
    this.#members.add(name);
    let sequence = 0;
    return {
      name,
      publish: (topic, payload) => {
        if (!this.#fits(topic, payload)) throw new OptionError(`the payload of ${JSON.stringify(topic)}`, payload, "what its check lets pass");
        this.#post({ topic, from: name, sequence: ++sequence, payload }, undefined);
      },
      subscribe: <K extends TopicOf<T>>(topic: K, handler: (message: BusMessage<T, K>) => void) => {
        // Messages of this topic alone are given to it, and their payloads have passed its check.
        const entry = { topic, member: name, handler: handler as unknown as AnyHandler<T> };
        this.#handlers.push(entry);
        return () => {
          const at = this.#handlers.indexOf(entry);
          if (at >= 0) this.#handlers.splice(at, 1);
        };
      },
    };
  }

  /** Adds a link: it is told of every message but those it brought. Answers what ends it. */
  link(carry: BusLink<T>): () => void {
    this.#links.add(carry);
    return () => void this.#links.delete(carry);
  }

  /**
   * Takes a message that a link brought. Whatever it is, it is delivered only where it is a whole message of a known topic, from somebody who is not
   * of this process, and new.
   *
   * @returns why it is not, if it is not.
   */
  receive(message: unknown, by: BusLink<T>): string | undefined {
    if (typeof message !== "object" || message === null) return "no object";
    const { topic, from, sequence, payload }: Partial<Record<string, unknown>> = { ...message };
    if (typeof from !== "string" || from === "" || from.length > 200) return "no sender";
    if (this.#members.has(from)) return `the sender ${JSON.stringify(from)} is of this process`;
    if (!(typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence >= 1)) return "no sequence number";
    if (typeof topic !== "string" || !this.#isTopic(topic)) return "an unknown topic";
    if (!this.#fits(topic, payload)) return `a payload that is none of ${JSON.stringify(topic)}`;
    // By two ways the same message may come twice.
    const last = this.#heard.get(from);
    if (last !== undefined && sequence <= last) return undefined;
    this.#heard.set(from, sequence);
    this.#post({ topic, from, sequence, payload }, by);
    return undefined;
  }

  #isTopic(topic: string): topic is TopicOf<T> {
    return Object.hasOwn(this.#checks, topic);
  }

  #fits<K extends TopicOf<T>>(topic: K, payload: unknown): payload is T[K] {
    return this.#isTopic(topic) && this.#checks[topic](payload);
  }

  #post(message: BusMessage<T>, by: BusLink<T> | undefined): void {
    this.#line.push({ message, by });
    // A message published by a handler waits until all have heard the one before.
    if (this.#delivering) return;
    this.#delivering = true;
    const errors: unknown[] = [];
    try {
      // The line grows while it is worked off; what is over the limit was said by handlers, and is dropped with the rest.
      for (let i = 0; i < this.#line.length; i++) {
        const next = this.#line[i];
        if (next !== undefined) this.#deliver(next.message, next.by, errors);
        if (this.#line.length > MOST_IN_A_ROW)
          throw new OptionError("messages that one message led to", this.#line.length, `at most ${MOST_IN_A_ROW}`, "do two handlers answer each other?");
      }
    } finally {
      this.#delivering = false;
      this.#line.length = 0;
    }
    if (errors.length > 0) throw errors[0];
  }

  #deliver(message: BusMessage<T>, by: BusLink<T> | undefined, errors: unknown[]): void {
    const hearing = this.#handlers.filter(({ topic, member }) => topic === message.topic && member !== message.from).map(({ handler }) => handler);
    for (const hear of [...hearing, ...[...this.#links].filter((link) => link !== by)]) {
      try {
        hear(message);
      } catch (error) {
        if (this.#onError === undefined) errors.push(error);
        else this.#onError(error);
      }
    }
  }
}
