// A field for a file shows in the words of the page what was chosen, and that a file may be let go of above it.
function findField(event: Event): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(".drop") : null;
}

function showName(event: Event): void {
  const field = findField(event);
  const name = field?.querySelector<HTMLElement>(".file-name");
  if (!(field && name && event.target instanceof HTMLInputElement)) return;
  const chosen = event.target.files?.[0];
  name.textContent = chosen?.name ?? name.dataset.none ?? "";
  field.classList.toggle("is-chosen", Boolean(chosen));
}

export function startFiles(): void {
  document.addEventListener("change", showName);
  document.addEventListener("dragenter", (event) => findField(event)?.classList.add("is-over"));
  for (const kind of ["dragleave", "drop"]) {
    document.addEventListener(kind, (event) => findField(event)?.classList.remove("is-over"));
  }
}
