// States and actions in JSON files: a count or a list of labels; single ones by index (a number) or label (a string).
import { describeValue } from "../errors.ts";
import { MAX_COUNT } from "../mdp/growable.ts";
import { type Label, LabelIndex, nearest } from "../mdp/index.ts";
import type { IssueList } from "../mdp/issues.ts";

/** Labels from a file's value; undefined, with issues, where they are not labels. */
export function readLabels(kind: "state" | "action", value: unknown, where: string, issues: IssueList): LabelIndex<Label> | undefined {
  if (typeof value === "number") {
    if (Number.isInteger(value) && value >= 1 && value <= MAX_COUNT - 1) return LabelIndex.range(kind, value) as LabelIndex<unknown> as LabelIndex<Label>;
    issues.add(where, `is ${value}`, `an integer from 1 to ${MAX_COUNT - 1}, or a list of labels`);
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0) {
    issues.add(where, `is ${Array.isArray(value) ? "an empty list" : describeValue(value)}`, "a count or a list of labels");
    return undefined;
  }
  const before = issues.total;
  const labels: readonly unknown[] = value;
  const first = new Map<unknown, number>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const known = first.get(label);
    if (!isLabel(label)) issues.add(`${where}[${i}]`, `is ${describeValue(label)}`, "a string or a number");
    else if (known !== undefined) issues.add(`${where}[${i}]`, `is ${describeValue(label)}, which is entry ${known} already`, "each label once");
    else first.set(label, i);
  }
  return issues.total > before ? undefined : LabelIndex.list<Label>(kind, labels as readonly Label[]);
}

export function isLabel(value: unknown): value is Label {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

/** The index that a number (an index) or a string (a label) stands for, or -1. */
export function findByIndexOrLabel(labels: LabelIndex<Label>, value: unknown): number {
  if (typeof value === "string") return labels.isRange ? -1 : labels.find(value);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < labels.size ? value : -1;
}

/** Records that `value` names no state or action. */
export function addUnknown(issues: IssueList, where: string, labels: LabelIndex<Label>, value: unknown): void {
  const range = `an index from 0 to ${labels.size - 1}`;
  const names = labels.isRange ? [] : Array.from({ length: Math.min(labels.size, 1000) }, (_, i) => labels.name(i));
  const near = typeof value === "string" ? nearest(value, names) : undefined;
  const some = names.slice(0, 8).map((name) => JSON.stringify(name));
  const expected = labels.isRange ? range : `${range} or one of ${some.join(", ")}${names.length > some.length ? ", ..." : ""}`;
  issues.add(where, `has the ${labels.kind} ${describeValue(value)}`, expected, near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`);
}

/** Labels as a file holds them: the count of a range, else the list; labels of other types by name. */
export function writeLabels<T>(labels: LabelIndex<T>): number | Label[] {
  if (labels.isRange) return labels.size;
  return Array.from(labels, (label, i) => (isLabel(label) ? label : labels.name(i)));
}
