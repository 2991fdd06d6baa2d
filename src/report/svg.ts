// A tiny builder of HTML and SVG: text is always escaped, only what the builder made passes as markup.

const made: unique symbol = Symbol("made by the builder");

/** Markup that the builder made; strings are never taken for it. */
export interface Markup {
  readonly html: string;
  readonly [made]: true;
}

/** What may stand between tags: markup as it is, text escaped, nothing for undefined. */
export type Child = Markup | string | number | undefined | readonly Child[];

/** Attribute values: true stands without a value, false and undefined leave the attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Elements without a closing tag in HTML. */
const VOID = new Set(["meta", "br", "hr", "col"]);

/**
 * One element. Tag and attribute names are the program's own; values and text may be anyone's.
 *
 * @example
 * element("b", { class: "x" }, "1 < 2").html; // '<b class="x">1 &lt; 2</b>'
 */
export function element(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
  let head = tag;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    head += value === true ? ` ${name}` : ` ${name}="${escapeText(typeof value === "number" ? shortNumber(value) : value)}"`;
  }
  return trusted(VOID.has(tag) ? `<${head}>` : `<${head}>${render(children)}</${tag}>`);
}

/** Several pieces in a row. */
export function fragment(...children: readonly Child[]): Markup {
  return trusted(render(children));
}

/** A style sheet: the program's own text, checked to stay inside its element. */
export function styleSheet(css: string): Markup {
  return trusted(`<style>${css.replaceAll("</", "<\\/")}</style>`);
}

/** A picture with a title and a description that screen readers announce. */
export function picture(
  options: { readonly id: string; readonly width: number; readonly height: number; readonly title: string; readonly description: string },
  ...children: readonly Child[]
): Markup {
  const { id, width, height, title, description } = options;
  return element(
    "svg",
    { viewBox: `0 0 ${shortNumber(width)} ${shortNumber(height)}`, width, height, role: "img", "aria-labelledby": `${id}-title ${id}-desc` },
    element("title", { id: `${id}-title` }, title),
    element("desc", { id: `${id}-desc` }, description),
    ...children,
  );
}

/** Text as it may stand in an element or a quoted attribute. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"'\0]/g, (character) => ENTITIES[character] ?? "\ufffd");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Coordinates with at most two decimals. */
export function shortNumber(x: number): string {
  return String(Math.round(x * 100) / 100);
}

/** A path's `d` from words and numbers. */
export function pathData(...parts: readonly (string | number)[]): string {
  return parts.map((part) => (typeof part === "number" ? shortNumber(part) : part)).join(" ");
}

function render(children: readonly Child[]): string {
  let html = "";
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === "string") html += escapeText(child);
    else if (typeof child === "number") html += String(child);
    else if (isList(child)) html += render(child);
    else html += child.html;
  }
  return html;
}

function isList(child: Markup | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child);
}

function trusted(html: string): Markup {
  return { html, [made]: true };
}
