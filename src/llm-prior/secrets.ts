// Keys never reach an error, a log or a report: whatever comes from outside goes through here before it is shown.

/** What stands where a key stood. */
const HIDDEN = "[key]";
/** What services print of keys themselves, often with a part starred out; bearer tokens as headers carry them. */
const KEY_LIKE = [/\b(?:sk|pk|rk|hf|gsk|xai|key)[-_][A-Za-z0-9*_.-]{6,}/g, /\bBearer\s+[^\s"',]+/gi];

/**
 * A text without the secrets given, and without what looks like a key.
 *
 * @example
 * withoutSecrets("Incorrect API key provided: sk-abc123456", []); // "Incorrect API key provided: [key]"
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret !== "") clean = clean.replaceAll(secret, HIDDEN);
  for (const pattern of KEY_LIKE) clean = clean.replace(pattern, HIDDEN);
  return clean;
}

/** An error's words as an error of its own: what threw it may hold the request, headers and all. */
export function shownCause(error: unknown, secrets: readonly string[]): Error {
  const text = withoutSecrets(error instanceof Error ? `${error.name}: ${error.message}` : String(error), secrets);
  return new Error(text);
}

/** An address without user name, password and query, which may hold keys. */
export function shownAddress(address: string): string {
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  // Of an address that is none on the web, what was written without what may be a key.
  if (parsed === undefined || parsed.origin === "null") return address.replace(/\/\/[^/@]*@/, "//").replace(/\?.*$/, "");
  return `${parsed.origin}${parsed.pathname}`;
}
