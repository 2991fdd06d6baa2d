// Float64 numbers as exact integers: x · 2^1074 is an integer for every finite x.

const VIEW = new DataView(new ArrayBuffer(8));

/** x · 2^1074, exactly. */
export function exact(x: number): bigint {
  VIEW.setFloat64(0, x);
  const bits = VIEW.getBigUint64(0);
  const negative = bits >> 63n === 1n;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
  return negative ? -size : size;
}
