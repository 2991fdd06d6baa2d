// A short name for a prompt: 64-bit FNV-1a, the same in every runtime. It names prompts; it proves nothing and guards nothing.

/** 16 hexadecimal digits for a text (over its UTF-16 code units, low byte first). */
export function shortHash(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = BigInt.asUintN(64, (hash ^ BigInt(unit & 255)) * 0x100000001b3n);
    hash = BigInt.asUintN(64, (hash ^ BigInt(unit >>> 8)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
