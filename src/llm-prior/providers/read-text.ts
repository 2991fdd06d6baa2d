// An answer's text, but no more of it than an answer can have: a server may send without end.
import { PriorError } from "../../errors.ts";

/**
 * The body of a response as text.
 *
 * @throws PriorError where it is longer than `most` bytes; what reading throws.
 */
export async function readText(url: string, response: Response, most: number): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > most) {
      // What is left of it is not wanted; how giving it up ends does not matter.
      reader.cancel().catch(() => undefined);
      throw new PriorError(`${url} answered more than ${most} bytes, expected a short answer.`, { hint: "raise maxAnswerBytes if such answers are right." });
    }
    text += decoder.decode(value, { stream: true });
  }
}
