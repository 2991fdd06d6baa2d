// Which kernel solves and by how many threads: what there is to choose from, and what was chosen.
import { kernelName } from "./certificate.ts";
import { element } from "./elements.ts";
import type { Capabilities, Device, Threads } from "./protocol.ts";

export class Machine {
  readonly #device: HTMLSelectElement = element("device", HTMLSelectElement);
  readonly #threads: HTMLSelectElement = element("threads", HTMLSelectElement);
  #devices: readonly Device[] = [];

  constructor(changed: () => void) {
    for (const select of [this.#device, this.#threads]) select.addEventListener("change", changed);
  }

  get choice(): { readonly device: Device; readonly threads: Threads } {
    const threads = this.#threads.value;
    return {
      device: this.#devices[this.#device.selectedIndex] ?? "auto",
      threads: threads === "" || threads === "auto" ? "auto" : Number(threads),
    };
  }

  show({ isolated, cores, devices }: Capabilities): void {
    this.#devices = devices.map(({ device }) => device);
    this.#device.replaceChildren(
      ...devices.map(({ device, missing }) => {
        const option = new Option(device === "auto" ? "by the maze's size" : kernelName(device), device);
        option.disabled = missing !== undefined;
        if (missing !== undefined) option.text += ` (${missing})`;
        return option;
      }),
    );
    const counts = isolated ? Array.from({ length: Math.min(8, cores) }, (_, k) => String(k + 1)) : ["1"];
    this.#threads.replaceChildren(new Option("by the maze's size", "auto"), ...counts.map((count) => new Option(count)));
    element("machine", HTMLElement).textContent = isolated
      ? `This page is isolated from other origins, so WebAssembly threads may share memory: up to ${counts.length} here.`
      : "This page is not isolated from other origins, so sweeps run on one thread. Served with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, threads may share memory.";
  }
}
