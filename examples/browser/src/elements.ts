// The page's elements by id, of the kind the code expects.

/** @throws Error where the page has no such element: index.html and the code have come apart. */
export function element<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`#${id} is ${found === null ? "missing" : `a ${found.tagName}`}, expected ${kind.name}`);
  return found;
}

export function onClick(id: string, handler: () => void): HTMLButtonElement {
  const button = element(id, HTMLButtonElement);
  button.addEventListener("click", handler);
  return button;
}

/** Fills a list of terms and descriptions. */
export function fillFacts(list: HTMLElement, pairs: readonly (readonly [string, string])[]): void {
  list.replaceChildren(
    ...pairs.map(([name, value]) => {
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const description = document.createElement("dd");
      term.textContent = name;
      description.textContent = value;
      row.append(term, description);
      return row;
    }),
  );
}
