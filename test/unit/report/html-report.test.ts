// The report as a whole: one file that needs nothing, says where recordings come from, and cannot be broken by labels.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type ReportData, renderReport } from "../../../src/report/index.ts";
import { tagsOf } from "./markup-check.ts";
import { sampleReport, withHostileTexts } from "./sample-report.ts";

let data: ReportData;
let html: string;
beforeAll(async () => {
  data = await sampleReport();
  html = renderReport(data);
});

const text = (from: string): string =>
  from
    .replace(/<style>[^<]*<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("renderReport", () => {
  it("is well formed, and made of known elements", () => {
    const names = new Set(tagsOf(html).map((tag) => tag.name));
    for (const name of ["script", "img", "iframe", "link", "object", "embed", "form", "a", "base", "use", "image", "foreignObject"])
      expect(names.has(name)).toBe(false);
    expect(names.has("svg")).toBe(true);
  });

  it("fetches nothing and runs nothing", () => {
    expect(html).not.toMatch(/https?:|\/\/[a-z]|@import|javascript:/i);
    for (const match of html.matchAll(/url\(([^)]*)\)/g)) expect(match[1]).toMatch(/^#[\w-]+$/);
    for (const { attributes } of tagsOf(html)) {
      for (const key of attributes.keys()) expect(key).not.toMatch(/^(on|src$|href|action$|srcset|background$)/i);
    }
    const policy = tagsOf(html).find((tag) => tag.attributes.get("http-equiv") === "Content-Security-Policy");
    expect(policy?.attributes.get("content")).toContain("default-src &#39;none&#39;");
  });

  it("gives every id once, and every reference an id", () => {
    const tags = tagsOf(html);
    const ids = tags.flatMap((tag) => tag.attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const tag of tags) for (const id of (tag.attributes.get("aria-labelledby") ?? "").split(" ").filter(Boolean)) expect(ids).toContain(id);
    for (const match of html.matchAll(/url\(#([\w-]+)\)/g)) expect(ids).toContain(match[1]);
  });

  it("names and describes every picture", () => {
    const pictures = tagsOf(html).filter((tag) => tag.name === "svg" && tag.attributes.get("aria-hidden") !== "true");
    // Five figures, each for a desk and for a phone.
    expect(pictures).toHaveLength(10);
    for (const { attributes } of pictures) {
      expect(attributes.get("role")).toBe("img");
      expect(attributes.get("aria-labelledby")).toMatch(/-title .*-desc$/);
    }
    expect([...html.matchAll(/<title id="[^"]+">([^<]+)<\/title><desc id="[^"]+">([^<]+)<\/desc>/g)]).toHaveLength(10);
  });

  it("holds every section, in order", () => {
    const headings = [...html.matchAll(/<h2[^>]*>([^<]*)</g)].map((match) => match[1]);
    expect(headings).toEqual(["Value and policy", "The certificate", "Convergence", "Learning", "Prior against optimum", "The agent&#39;s run"]);
    expect(text(html)).toContain("states 16");
    expect(text(html)).toContain("all 2 methods");
  });

  it("leaves out what there is no data for", () => {
    const small = renderReport({ title: "Nothing yet", provenance: { version: "0.1.0", date: "2025-02-01" } });
    tagsOf(small);
    expect(small).not.toContain("<h2");
    expect(text(small)).toContain("made with mdpkit 0.1.0");
    for (const section of ["value", "methods", "convergence", "learning", "prior", "agent"] as const) {
      const { [section]: _, ...rest } = data;
      expect(renderReport(rest).match(/<h2/g)).toHaveLength(5);
    }
  });

  it("says what was done to a prior's scores", () => {
    expect(html).toContain("From scores to the prior: calibration: batch; mask: 3 blocked choices.");
  });

  it("calls a recording a recording in each section that uses it and in the footer", () => {
    const [, ...sections] = html.split("<section");
    const words = "recording of toy-model made 2025-01-31";
    expect(sections.filter((section) => text(section).toLowerCase().includes(words))).toHaveLength(2);
    const footer = html.slice(html.indexOf("<footer"));
    expect(footer.split(words)).toHaveLength(2);
    // Also where the caller did not list it in the provenance, and where only the agent used it.
    const { prior: _, ...rest } = data;
    expect(renderReport(rest).slice(renderReport(rest).indexOf("<footer"))).toContain(words);
  });

  it("is the same for the same data, and changes none of it", () => {
    const before = JSON.stringify(data);
    expect(renderReport(data)).toBe(html);
    expect(JSON.stringify(data)).toBe(before);
  });

  it("works from data that went through JSON", () => {
    expect(renderReport(JSON.parse(JSON.stringify(data)))).toBe(html);
  });

  it("sets a title smaller that is one long word", () => {
    const titled = (title: string) => renderReport({ title, provenance: { version: "0.1.0", date: "2025-02-01" } });
    expect(titled("grid:30x30,slip=0.2,walls=0.2")).toContain('<h1 class="long">grid:');
    expect(titled("A long title of many words that can break")).toContain("<h1>A long");
  });

  it("says what did not converge", () => {
    const methods = data.methods?.map((m, i) => (i === 0 ? { ...m, status: "max-sweeps", gap: Number.POSITIVE_INFINITY } : m));
    const mixed = text(renderReport({ ...data, methods }));
    expect(mixed).toContain("△ 1 of 2 converged");
    expect(mixed).not.toContain("all 2 methods");
    expect(text(renderReport({ ...data, methods: methods?.slice(0, 1) }))).toContain("△ max-sweeps");
  });
});

describe("values without a grid", () => {
  const bars = (objective: "maximize" | "minimize", values: number[]) => {
    const states = values.map((value, state) => ({ state, name: `s${state}`, value, actions: ["go"] }));
    return renderReport({ title: "t", model: { states: values.length, actions: 1, objective }, value: { states }, provenance: { version: "0", date: "d" } });
  };

  it("stand best first, which is least under minimize", () => {
    const order = (from: string) => [...from.matchAll(/<th role="rowheader" scope="row">(s\d)<\/th><td role="cell" class="track">/g)].map((match) => match[1]);
    expect(order(bars("maximize", [1, 3, 2]))).toEqual(["s1", "s2", "s0"]);
    expect(order(bars("minimize", [1, 3, 2]))).toEqual(["s0", "s2", "s1"]);
    expect(order(bars("maximize", [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]))).toEqual(["s1", "s0", "s2"]);
    expect(text(bars("minimize", [1]))).toContain("What it will still cost");
  });

  it("become a line where there are many", () => {
    const many = bars(
      "maximize",
      Array.from({ length: 100 }, (_, s) => s),
    );
    expect(many).toContain("Values from the best state to the worst");
    expect(text(many)).toContain("The first 50 of 100 states as a table");
    tagsOf(many);
  });
});

describe("hostile texts", () => {
  it.each([
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg onload=alert(1)>",
    "]]><!--",
    "</title></desc></svg>",
    "&lt;&#x3c;script",
    "\u0000<\u0000b>",
    "javascript:alert(1)//",
  ])("%j stays text wherever it stands", (hostile) => {
    const attacked = renderReport(withHostileTexts(data, hostile));
    const count = (source: string) => {
      const counts = new Map<string, number>();
      for (const { name } of tagsOf(source)) counts.set(name, (counts.get(name) ?? 0) + 1);
      return counts;
    };
    // Exactly the elements that harmless texts give: nothing was opened, nothing closed.
    expect(count(attacked)).toEqual(count(renderReport(withHostileTexts(data, "x".repeat(hostile.length)))));
    for (const { attributes } of tagsOf(attacked)) for (const key of attributes.keys()) expect(key).not.toMatch(/^on/i);
  });

  it("of any kind stay text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 30 }),
          fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "/", "!", "-", "s", "=", " ", "\n") }),
        ),
        (hostile) => {
          const attacked = renderReport({
            title: hostile,
            summary: hostile,
            agent: withHostileTexts(data.agent, hostile),
            provenance: withHostileTexts(data.provenance, hostile),
          });
          tagsOf(attacked);
          expect(attacked).not.toContain("\0");
        },
      ),
      { numRuns: 60 },
    );
  });
});
