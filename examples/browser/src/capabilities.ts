// What can be had where this runs: cores, memory that threads share, WebAssembly.
import { SHARES_MEMORY } from "mdpkit/mdp";
import type { Capabilities, Device } from "./protocol.ts";

export async function capabilities(): Promise<Capabilities> {
  const device = (name: Device, missing?: string) => ({ device: name, missing });
  return {
    isolated: SHARES_MEMORY,
    cores: Math.max(1, navigator.hardwareConcurrency),
    devices: [device("auto"), device("cpu"), device("wasm", typeof WebAssembly === "undefined" ? "this browser has no WebAssembly" : undefined)],
  };
}
