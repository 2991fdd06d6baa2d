// The shapes that tell lines apart without colour: disc, square, diamond, triangle, ring, cross.
import { element, type Markup, pathData } from "./svg.ts";

/** The marker of the line with this index. */
export function lineMarker(index: number, x: number, y: number): Markup {
  switch (index % 6) {
    case 0:
      return element("circle", { class: "marker", cx: x, cy: y, r: 4 });
    case 1:
      return element("rect", { class: "marker", x: x - 3.6, y: y - 3.6, width: 7.2, height: 7.2 });
    case 2:
      return element("path", { class: "marker", d: pathData("M", x, y - 5.2, "L", x + 5.2, y, "L", x, y + 5.2, "L", x - 5.2, y, "Z") });
    case 3:
      return element("path", { class: "marker", d: pathData("M", x, y - 5, "L", x + 4.8, y + 4, "L", x - 4.8, y + 4, "Z") });
    case 4:
      return element("circle", { class: "marker hollow", cx: x, cy: y, r: 3.8 });
    default:
      return element("path", { class: "stroke", d: pathData("M", x - 4, y - 4, "L", x + 4, y + 4, "M", x + 4, y - 4, "L", x - 4, y + 4) });
  }
}
