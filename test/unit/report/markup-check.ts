// Reads a report's HTML as strictly as it is written: every tag known, every attribute quoted, everything closed.

export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID = new Set(["meta", "br", "hr", "col"]);

/** All start tags in order; throws at the first thing that is not well formed. The style sheet is left out. */
export function tagsOf(html: string): Tag[] {
  const text = html.replace(/<style>[^<]*<\/style>/, "").replace(/^<!doctype html>\n/, "");
  const tags: Tag[] = [];
  const open: string[] = [];
  let at = 0;
  for (const match of text.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"<>]*")?)*)>/g)) {
    const between = text.slice(at, match.index);
    if (/[<>]/.test(between)) throw new Error(`stray angle bracket in ${JSON.stringify(between.slice(0, 80))}`);
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(between + (match[3] ?? ""))) throw new Error(`stray ampersand near ${JSON.stringify(between.slice(0, 80))}`);
    at = match.index + match[0].length;
    const [, slash, name = "", list = ""] = match;
    if (slash === "/") {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> closes <${expected}>`);
      continue;
    }
    const attributes = new Map<string, string>();
    for (const [, key = "", value = ""] of list.matchAll(/\s+([\w-]+)(?:="([^"]*)")?/g)) {
      if (attributes.has(key)) throw new Error(`<${name}> has ${key} twice`);
      attributes.set(key, value);
    }
    tags.push({ name, attributes });
    if (!VOID.has(name)) open.push(name);
  }
  if (open.length > 0 || /[<>]/.test(text.slice(at))) throw new Error(`not closed: ${open.join(" ")}`);
  return tags;
}
