// Numbers for people: short, aligned, never hiding an infinity.

/** Up to `digits` significant digits, without trailing zeros: 0.333333, 1.2e-7, ∞. */
export function short(x: number, digits = 6): string {
  if (x === Infinity) return "∞";
  if (x === -Infinity) return "-∞";
  if (Number.isNaN(x)) return "-";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e-4 && size < 10 ** (digits + 2)) return String(Number(x.toPrecision(digits)));
  return x.toExponential(2).replace(/\.?0+e/, "e");
}

/** 12,345,678. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** "1 state", "2 states". */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** 1.5 KiB, 24 MiB. */
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  let size = n;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${Number(size.toPrecision(3))} ${units[unit]}`;
}

/** 0.012 s, 3.4 s, 2 min 5 s. */
export function seconds(s: number): string {
  if (s < 0.0995) return `${(s * 1000).toPrecision(2)} ms`;
  if (s < 100) return `${Number(s.toPrecision(3))} s`;
  return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
}

/** Rows of cells as text, columns padded to their widest cell; numbers to the right. */
export function textTable(rows: readonly (readonly string[])[], alignRight: readonly boolean[] = []): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, [...cell].length);
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => {
        const blank = " ".repeat((widths[i] ?? 0) - [...cell].length);
        return alignRight[i] === true ? blank + cell : cell + blank;
      })
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
