// Stands for the Python child in tests of what can go wrong: an environment of 3 states that misbehaves as its id says. It is no Gymnasium.
import { createInterface } from "node:readline";

const say = (message) => process.stdout.write(`${typeof message === "string" ? message : JSON.stringify(message)}\n`);
const how = process.env.FAKE_HOW ?? "";

if (how === "no-gymnasium") {
  say({ protocol: "mdpkit-env", version: 1, error: "gymnasium cannot be imported: No module named 'gymnasium'" });
  process.exit(0);
}
if (how === "hello-nonsense") say("Welcome!");
else if (how === "hello-version") say({ protocol: "mdpkit-env", version: 2 });
else if (how === "mute") setInterval(() => undefined, 1000);
else say({ protocol: "mdpkit-env", version: 1, gymnasium: "fake", python: "none" });

let steps = 0;
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, op, count = 1, env } = JSON.parse(line);
  if (op === "make") {
    globalThis.mode = env;
    say({ id, stateParts: [[3, 0]], actionParts: [[2, 0]], maxSteps: null, count });
  } else if (op === "reset") say({ id, state: [0] });
  else if (op === "close") process.exit(0);
  else if (op === "render") say({ id, text: null });
  else if (op === "step") step(id);
  else say({ id, error: `no ${op} here` });
});

function step(id) {
  steps++;
  const fine = { id, state: [steps % 3], reward: [1], ended: [] };
  switch (globalThis.mode) {
    case "dies":
      process.stderr.write("Traceback: the motor is on fire\n");
      process.exit(7);
      break;
    case "nonsense":
      return say("{not json");
    case "list":
      return say("[1]");
    case "silent":
      return undefined;
    case "wrong-id":
      return say({ ...fine, id: id + 1 });
    case "bad-state":
      return say({ ...fine, state: [3] });
    case "half-state":
      return say({ ...fine, state: [0.5] });
    case "two-states":
      return say({ ...fine, state: [0, 1] });
    case "bad-reward":
      return say({ ...fine, reward: ["1"] });
    case "bad-end":
      return say({ ...fine, ended: [[0, 4, 0]] });
    case "end-elsewhere":
      return say({ ...fine, ended: [[1, 1, 0]] });
    case "endless-line":
      return process.stdout.write("x".repeat(2 ** 26 + 1));
    case "refuses":
      return say({ id, error: "ValueError: not today" });
    case "unasked":
      say(fine);
      return say(fine);
    case "split":
      // Bytes of one line in several pieces, a character's two bytes apart.
      for (const byte of Buffer.from(`${JSON.stringify({ ...fine, note: "é" })}\r\n`)) process.stdout.write(Buffer.of(byte));
      return undefined;
    default:
      return say(fine);
  }
}
