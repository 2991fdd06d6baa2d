// Source text told apart into code, strings and comments, so that a check reads only what it is about.

/** Regular expressions and the fixed parts of templates count as strings. */
export type Kind = "code" | "string" | "comment";

/** A `/` after one of these (or after nothing) begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))\s*$/;

/**
 * Replaces what is not of the kinds to keep by spaces. Offsets, line breaks, quotes and the code inside `${}` stay.
 *
 * @example
 * blankOut('const a = "b"; // c', ["code"]); // 'const a = " ";     '
 */
export function blankOut(source: string, keep: readonly Kind[]): string {
  const out = source.split("");
  for (const { kind, from, to } of segments(source)) {
    if (keep.includes(kind)) continue;
    for (let k = from; k < to; k++) if (source[k] !== "\n") out[k] = " ";
  }
  return out.join("");
}

/** The line number (from 1) of an offset. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

interface Segment {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

/** The segments of a text in order; quotes, backticks and slashes around strings count as code. */
function segments(source: string): Segment[] {
  const found: Segment[] = [];
  // One entry for each `${` we are inside of: how many `{` are open within it.
  const holes: number[] = [];
  let codeFrom = 0;
  let i = 0;

  /** Ends the code before `from`, takes `from .. to` as another kind, goes on after it. */
  const take = (kind: Kind, from: number, to: number) => {
    found.push({ kind: "code", from: codeFrom, to: from }, { kind, from, to });
    codeFrom = to;
    i = to;
  };
  const takeTemplate = (from: number) => {
    const to = endOfTemplateText(source, from);
    take("string", from, to);
    if (source[to] === "$") {
      holes.push(0);
      i = to + 2;
    } else i = to + 1;
  };

  while (i < source.length) {
    const c = source[i];
    const innermost = holes.length - 1;
    if (source.startsWith("//", i) || (i === 0 && source.startsWith("#!"))) take("comment", i, endOf(source, "\n", i));
    else if (source.startsWith("/*", i)) take("comment", i, endOf(source, "*/", i + 2) + 2);
    else if (c === '"' || c === "'") {
      take("string", i + 1, endOfString(source, i));
      i++;
    } else if (c === "`") takeTemplate(i + 1);
    else if (c === "/" && BEFORE_REGEX.test(source.slice(Math.max(codeFrom, i - 100), i))) {
      take("string", i + 1, endOfRegex(source, i));
      i++;
    } else if (c === "}" && holes[innermost] === 0) {
      holes.pop();
      takeTemplate(i + 1);
    } else {
      if (c === "{" && innermost >= 0) holes[innermost] = holes[innermost]! + 1;
      if (c === "}" && innermost >= 0) holes[innermost] = holes[innermost]! - 1;
      i++;
    }
  }
  found.push({ kind: "code", from: codeFrom, to: source.length });
  return found;
}

function endOf(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at < 0 ? source.length : at;
}

function endOfString(source: string, from: number): number {
  let k = from + 1;
  while (k < source.length && source[k] !== source[from] && source[k] !== "\n") k += source[k] === "\\" ? 2 : 1;
  return Math.min(k, source.length);
}

function endOfTemplateText(source: string, from: number): number {
  let k = from;
  while (k < source.length && source[k] !== "`" && !source.startsWith("${", k)) k += source[k] === "\\" ? 2 : 1;
  return Math.min(k, source.length);
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let k = from + 1; k < source.length && source[k] !== "\n"; k++) {
    if (source[k] === "\\") k++;
    else if (source[k] === "[") inClass = true;
    else if (source[k] === "]") inClass = false;
    else if (source[k] === "/" && !inClass) return k;
  }
  return from + 1;
}
