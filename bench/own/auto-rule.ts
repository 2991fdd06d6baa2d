// The rule that `auto` keeps: never worse than twice the best fixed method plus 5 ms, on the same kernel with as many threads.
import type { SolveFigures } from "./measure.ts";

export interface AutoVerdict {
  readonly device: string;
  readonly threads: number;
  readonly auto: number;
  readonly bestMethod: string;
  readonly best: number;
  readonly verdict: "ok" | "broken";
}

export function autoVerdicts(solves: readonly SolveFigures[]): AutoVerdict[] {
  return solves
    .filter(({ method }) => method === "auto")
    .flatMap((auto) => {
      const fixed = solves.filter((s) => s.method !== "auto" && s.device === auto.device && s.threads === auto.threads && s.status === "converged");
      const best = fixed.sort((a, b) => a.seconds - b.seconds)[0];
      if (best === undefined) return [];
      const kept = auto.status === "converged" && auto.seconds <= 2 * best.seconds + 0.005;
      return [
        {
          device: auto.device,
          threads: auto.threads,
          auto: auto.seconds,
          bestMethod: best.method,
          best: best.seconds,
          verdict: kept ? "ok" : "broken",
        } as const,
      ];
    });
}
