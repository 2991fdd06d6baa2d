// The options of bench:peers.
import { parseArgs } from "node:util";

export interface PeersOptions {
  readonly only: readonly string[];
  readonly peers: readonly string[] | undefined;
  readonly rounds: number;
  readonly limit: number;
  readonly buildLimit: number;
  readonly large: boolean;
  readonly install: boolean;
  readonly anew: boolean;
  /** Options of solve for mdpkit, as JSON. */
  readonly solve: Readonly<Record<string, unknown>>;
}

export function peersOptions(): PeersOptions {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      rounds: { type: "string", default: "3" },
      limit: { type: "string", default: "60" },
      "build-limit": { type: "string", default: "240" },
      large: { type: "boolean", default: false },
      "no-install": { type: "boolean", default: false },
      anew: { type: "boolean", default: false },
      solve: { type: "string", default: "{}" },
    },
  });
  return {
    only: words(values.only) ?? [],
    peers: words(values.peers),
    rounds: positive("rounds", values.rounds),
    limit: positive("limit", values.limit),
    buildLimit: positive("build-limit", values["build-limit"]),
    large: values.large,
    install: !values["no-install"],
    anew: values.anew,
    solve: JSON.parse(values.solve),
  };
}

function words(text: string | undefined): string[] | undefined {
  return text?.split(",").filter((word) => word !== "");
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} ${text}, expected a positive number`);
  return value;
}
