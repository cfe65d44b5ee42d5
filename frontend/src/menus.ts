// A menu shuts when somebody presses beside it, presses Escape, or goes to the search.
function shutAll(except?: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

function press(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  const open = (event.target as Element).closest<HTMLDetailsElement>("details.menu[open]");
  shutAll();
  open?.querySelector("summary")?.focus();
}

export function startMenus(): void {
  document.addEventListener("click", (event) => shutAll(event.target as Element));
  document.addEventListener("focusin", (event) => shutAll(event.target as Element));
  document.addEventListener("keydown", press);
}
