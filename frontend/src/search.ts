// Ctrl K puts the cursor into the search; arrows walk the answers; Escape leaves.
function box(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#search");
}

function answers(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("#found a")];
}

function walk(step: number): void {
  const links = answers();
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = at + step;
  if (next < 0) box()?.focus();
  else links[Math.min(next, links.length - 1)]?.focus();
}

function leave(): void {
  document.querySelector("#found")?.replaceChildren();
  box()?.blur();
}

function press(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    box()?.select();
    box()?.focus();
    return;
  }
  const inside = (event.target as Element | null)?.closest(".search");
  if (!inside) return;
  if (event.key === "Escape") leave();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    walk(step);
  }
}

export function startSearch(): void {
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest(".search")) document.querySelector("#found")?.replaceChildren();
  });
}
