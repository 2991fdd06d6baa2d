// Probabilities in sentences: four digits, and more where two numbers that differ would read alike.

/**
 * A probability as text.
 *
 * @example
 * probabilityText(0.123456); // "0.1235"
 */
export function probabilityText(probability: number): string {
  return text(probability, 4);
}

/** Two numbers as text, with as many digits as it takes to tell them apart. */
export function textsApart(a: number, b: number): readonly [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    const pair = [text(a, digits), text(b, digits)] as const;
    if (pair[0] !== pair[1]) return pair;
  }
  return [String(a), String(b)];
}

function text(x: number, digits: number): string {
  return String(Number(x.toPrecision(digits)));
}
