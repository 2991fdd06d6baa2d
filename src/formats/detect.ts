// Which format a model file has, by its content first and its name second.
import { describeValue, FormatError } from "../errors.ts";
import { JsonReader } from "./json-reader.ts";
import { decodeText } from "./text.ts";
import { isZip } from "./zip.ts";

/** The formats models are read from and written to. */
export type ModelFormat = "mdpkit" | "gymnasium" | "npz";

/** All of them, with what they are. */
export const MODEL_FORMATS: Readonly<Record<ModelFormat, string>> = {
  mdpkit: "mdpkit JSON (.json)",
  gymnasium: "Gymnasium table JSON (.json)",
  npz: "scipy CSR in npz (.npz)",
};

/** The format of a file to be written, by its name's ending: .npz is npz, .gym.json and .gymnasium.json a table, .json mdpkit JSON. */
export function formatOfName(name: string): ModelFormat | undefined {
  const lower = name.toLowerCase();
  if (lower.endsWith(".npz")) return "npz";
  if (lower.endsWith(".gym.json") || lower.endsWith(".gymnasium.json")) return "gymnasium";
  return lower.endsWith(".json") ? "mdpkit" : undefined;
}

/**
 * The format of a model file.
 *
 * @throws FormatError where the content is JSON with a fault before the format is known, or of no known format.
 * @example
 * detectFormat("lake.json", new TextEncoder().encode('{"P":{"0":{}}}')); // "gymnasium"
 */
export function detectFormat(name: string, bytes: Uint8Array): ModelFormat {
  if (isZip(bytes)) return "npz";
  const byName = formatOfName(name);
  if (byName === "npz")
    throw new FormatError("the file is no zip file, expected one, as its name ends in .npz.", {
      hint: "numpy.savez writes such files; it may be cut short, or of another kind.",
    });
  if (byName === undefined && !looksLikeJson(bytes)) throw unknownFormat();
  const json = new JsonReader(decodeText(bytes));
  const kind = json.kind();
  if (kind === "array") return "gymnasium";
  if (kind !== "object") throw unknownFormat();
  return detectObject(name, json);
}

/** By the first keys that tell. */
function detectObject(name: string, json: JsonReader): ModelFormat {
  let keys = 0;
  for (let key = json.firstKey(); key !== undefined; key = json.nextKey(), keys++) {
    if (key === "format" && json.kind() === "string") {
      const format = json.string();
      if (format === "mdpkit") return "mdpkit";
      throw new FormatError(`the file has the format ${describeValue(format)}, which is no model, expected one of ${known()}.`);
    }
    if (key === "P" || /^\d+$/.test(key)) return "gymnasium";
    if (key === "transitions") return "mdpkit";
    json.skip();
  }
  json.end();
  // An object with other keys: mdpkit JSON says best what is missing.
  if (keys > 0 && formatOfName(name) === undefined) throw unknownFormat();
  return "mdpkit";
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const first = bytes.subarray(bom, bom + 4096).find((c) => c !== 32 && c !== 9 && c !== 10 && c !== 13);
  return first === 0x7b || first === 0x5b;
}

function unknownFormat(): FormatError {
  return new FormatError(`the file is of no known format, expected one of ${known()}.`, {
    hint: "name the format, if its content is right but cannot be told.",
  });
}

function known(): string {
  return Object.values(MODEL_FORMATS).join(", ");
}
