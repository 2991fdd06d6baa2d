// Arithmetic in model files, such as "1/3": parsed by mathjs, evaluated here over a short list of what is allowed.
import type { MathNode, parse as Parse } from "mathjs";
import { describeValue, FormatError } from "../errors.ts";

/** The longest expression, in characters. */
const LONGEST = 200;

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);

const OPERATORS: ReadonlyMap<string, (x: number, y: number) => number> = new Map([
  ["add", (x: number, y: number) => x + y],
  ["subtract", (x: number, y: number) => x - y],
  ["multiply", (x: number, y: number) => x * y],
  ["divide", (x: number, y: number) => x / y],
  ["pow", (x: number, y: number) => x ** y],
]);

interface AllowedFunction {
  readonly most: number;
  readonly apply: (...x: number[]) => number;
}

const FUNCTIONS: ReadonlyMap<string, AllowedFunction> = new Map([
  ["abs", { most: 1, apply: Math.abs }],
  ["exp", { most: 1, apply: Math.exp }],
  ["log", { most: 1, apply: Math.log }],
  ["sqrt", { most: 1, apply: Math.sqrt }],
  ["max", { most: 16, apply: Math.max }],
  ["min", { most: 16, apply: Math.min }],
]);

const ALLOWED = `numbers, + - * / ^, parentheses, ${[...CONSTANTS.keys(), ...FUNCTIONS.keys()].join(", ")}`;

/** The value of an expression. @throws FormatError saying what is not allowed in it. */
export type Evaluate = (text: string) => number;

/**
 * Loads the parser and answers the evaluator. mathjs is loaded at the first call and not before: most models have no expressions.
 *
 * The text is only ever parsed by mathjs, never run by it. The tree may hold numbers, + - * / ^, parentheses, pi, e and
 * abs, exp, log, max, min, sqrt; no other names, no definitions, no assignments, no implicit products. The result is a finite real number.
 *
 * @example
 * const evaluate = await loadEvaluator();
 * evaluate("1/3"); // 0.3333333333333333
 */
export async function loadEvaluator(): Promise<Evaluate> {
  const { parse } = await import("mathjs/number");
  return (text) => evaluateWith(parse, text);
}

function evaluateWith(parse: typeof Parse, text: string): number {
  if (text.length > LONGEST) throw refusal(text, `has ${text.length} characters`, `at most ${LONGEST}`);
  // Everything allowed is written with these signs: strings, lists, assignments, comments and member access do not even reach the parser.
  const strange = /[^\w\s.+\-*/^(),]/u.exec(text)?.[0] ?? /[\r\n]/.exec(text)?.[0];
  if (strange !== undefined) throw refusal(text, `has ${describeValue(strange)}`, ALLOWED);
  let tree: MathNode;
  try {
    tree = parse(text);
  } catch (cause) {
    throw new FormatError(
      `expression ${describeValue(text)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}, expected arithmetic such as "1/3".`,
      { cause },
    );
  }
  const value = evaluate(tree, text);
  if (!Number.isFinite(value)) throw refusal(text, `is ${value}`, "a finite real number");
  return value;
}

function evaluate(node: MathNode, text: string): number {
  if (isConstant(node)) {
    if (typeof node.value === "number") return node.value;
    throw refusal(text, `has ${describeValue(node.value)}`, ALLOWED);
  }
  if (isParenthesis(node)) return evaluate(node.content, text);
  if (isSymbol(node)) {
    const value = CONSTANTS.get(node.name);
    if (value === undefined) throw refusal(text, `has the name ${describeValue(node.name)}`, ALLOWED);
    return value;
  }
  if (isOperator(node)) {
    if (node.implicit) throw refusal(text, "has two terms side by side", "an operator between them");
    const [first, second] = node.args;
    if (first !== undefined && second === undefined) {
      if (node.fn === "unaryMinus") return -evaluate(first, text);
      if (node.fn === "unaryPlus") return evaluate(first, text);
    }
    const apply = OPERATORS.get(node.fn);
    if (apply === undefined || first === undefined || second === undefined) throw refusal(text, `has the operator ${describeValue(node.op)}`, ALLOWED);
    return apply(evaluate(first, text), evaluate(second, text));
  }
  if (isFunction(node)) {
    const name = isSymbol(node.fn) ? node.fn.name : "";
    const found = FUNCTIONS.get(name);
    if (found === undefined) throw refusal(text, `calls ${describeValue(name)}`, ALLOWED);
    if (node.args.length < 1 || node.args.length > found.most)
      throw refusal(text, `calls ${name} with ${node.args.length} numbers`, found.most === 1 ? "one" : `1 to ${found.most}`);
    return found.apply(...node.args.map((arg) => evaluate(arg, text)));
  }
  throw refusal(text, `has a ${node.type}`, ALLOWED);
}

function refusal(text: string, got: string, expected: string): FormatError {
  return new FormatError(`expression ${describeValue(text)} ${got}, expected ${expected}.`);
}

// The tree's shapes, checked here instead of trusting mathjs's wide node types.

function isConstant(node: MathNode): node is MathNode & { readonly value: unknown } {
  return node.type === "ConstantNode" && "value" in node;
}

function isParenthesis(node: MathNode): node is MathNode & { readonly content: MathNode } {
  return node.type === "ParenthesisNode" && "content" in node;
}

function isSymbol(node: MathNode): node is MathNode & { readonly name: string } {
  return node.type === "SymbolNode" && "name" in node;
}

function isOperator(
  node: MathNode,
): node is MathNode & { readonly op: string; readonly fn: string; readonly args: readonly MathNode[]; readonly implicit: boolean } {
  return node.type === "OperatorNode" && "args" in node;
}

function isFunction(node: MathNode): node is MathNode & { readonly fn: MathNode; readonly args: readonly MathNode[] } {
  return node.type === "FunctionNode" && "args" in node;
}
