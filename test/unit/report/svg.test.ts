// The builder: text never becomes markup.
import { describe, expect, it } from "vitest";
import { element, escapeText, fragment, pathData, picture, shortNumber, styleSheet } from "../../../src/report/svg.ts";

describe("element", () => {
  it("escapes text and attribute values", () => {
    expect(element("b", { title: `<"&'>` }, `</b><i>`).html).toBe('<b title="&lt;&quot;&amp;&#39;&gt;">&lt;/b&gt;&lt;i&gt;</b>');
    expect(escapeText("a\0b")).toBe("a\ufffdb");
  });

  it("lets only its own markup through", () => {
    const forged = { html: "<script>" } as never;
    const inner = element("i", {}, "x");
    expect(element("b", {}, inner, [inner, "<"], undefined, 3).html).toBe("<b><i>x</i><i>x</i>&lt;3</b>");
    // What looks like markup in untrusted data is a string and is escaped; the type keeps other objects out.
    expect(element("b", {}, JSON.stringify(forged)).html).not.toContain("<script>");
  });

  it("leaves attributes out, writes them without a value, and rounds numbers", () => {
    expect(element("rect", { x: 1 / 3, y: -0.001, open: true, hidden: false, class: undefined }).html).toBe('<rect x="0.33" y="0" open></rect>');
    expect(element("meta", { charset: "utf-8" }).html).toBe('<meta charset="utf-8">');
    expect([shortNumber(2), shortNumber(-0.004), shortNumber(1.005)]).toEqual(["2", "0", "1"]);
  });
});

describe("the other pieces", () => {
  it("join, draw and style", () => {
    expect(fragment("a", element("b"), "<").html).toBe("a<b></b>&lt;");
    expect(pathData("M", 1.239, 2, "L", -3, 0)).toBe("M 1.24 2 L -3 0");
    expect(styleSheet("a{content:'</style><b>'}").html).not.toContain("</style><b>");
    expect(picture({ id: "p", width: 10, height: 5, title: "<t>", description: "d" }).html).toBe(
      '<svg viewBox="0 0 10 5" width="10" height="5" role="img" aria-labelledby="p-title p-desc"><title id="p-title">&lt;t&gt;</title><desc id="p-desc">d</desc></svg>',
    );
  });
});
