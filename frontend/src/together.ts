// Choosing many places at once: space, shift with arrows or a click, all with Ctrl A; a bar then says what may be done.
const BOX = "input.choose";
let lastBox: HTMLInputElement | null = null;

function list(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(BOX)];
}

function bar(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-together]");
}

/** The box of the cell that an element lies in: a door and its box stand side by side. */
function boxOf(element: Element | null): HTMLInputElement | null {
  if (element instanceof HTMLInputElement && element.matches(BOX)) return element;
  return element?.closest(".door-cell")?.querySelector<HTMLInputElement>(BOX) ?? null;
}

function tell(): void {
  const chosen = list().filter((box) => box.checked).length;
  const shown = bar();
  shown?.classList.toggle("is-open", chosen > 0);
  document.documentElement.classList.toggle("is-choosing", chosen > 0);
  const count = shown?.querySelector("[data-together-count]");
  if (count) count.textContent = String(chosen);
}

function chooseRange(from: HTMLInputElement, to: HTMLInputElement): void {
  const boxes = list().filter((box) => roleOf(box) === roleOf(to));
  const [first, last] = [boxes.indexOf(from), boxes.indexOf(to)].sort((one, other) => one - other);
  for (const box of boxes.slice(first, (last ?? 0) + 1)) box.checked = to.checked;
}

function roleOf(box: HTMLInputElement): string {
  return box.value.slice(box.value.lastIndexOf(":"));
}

function click(event: MouseEvent): void {
  const box = event.target instanceof Element ? boxOf(event.target) : null;
  if (!box || event.target !== box) return;
  if (event.shiftKey && lastBox?.isConnected && roleOf(lastBox) === roleOf(box)) chooseRange(lastBox, box);
  lastBox = box;
  tell();
}

function chooseAll(): void {
  const boxes = list();
  const every = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !every;
  tell();
}

const ACTS: Record<string, (box: HTMLInputElement) => void> = {
  " ": (box) => {
    box.checked = !box.checked;
    lastBox = box;
    tell();
  },
  Escape: () => {
    for (const each of list()) each.checked = false;
    tell();
  },
};

/** The matrix has moved the focus already; where it came from is chosen with where it went. */
function extend(event: KeyboardEvent, box: HTMLInputElement): void {
  for (const each of [boxOf(event.target as Element), box]) if (each) each.checked = true;
  lastBox = box;
  tell();
}

/** What a key does with modifiers: more with an arrow, all, over to the bar. */
function pressModified(event: KeyboardEvent, box: HTMLInputElement): boolean {
  if (event.shiftKey && event.key.startsWith("Arrow")) {
    extend(event, box);
    return true;
  }
  const isAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
  if (isAll) chooseAll();
  const isOver = event.shiftKey && event.key === "Enter";
  if (isOver) bar()?.querySelector<HTMLElement>("button")?.focus();
  return isAll || isOver;
}

function press(event: KeyboardEvent): void {
  const box = boxOf(document.activeElement);
  if (!box) return;
  // A box takes the space bar itself.
  const isBoxes = event.key === " " && event.target === box;
  const act = isBoxes ? undefined : ACTS[event.key];
  if (pressModified(event, box)) event.preventDefault();
  else if (act) {
    event.preventDefault();
    act(box);
  }
}

export function startTogether(): void {
  document.addEventListener("keydown", press);
  document.addEventListener("click", click);
  document.addEventListener("change", tell);
  document.addEventListener("reset", () => requestAnimationFrame(tell));
  document.addEventListener("htmx:afterSwap", tell);
  // A page that the browser brings back may remember what was chosen.
  window.addEventListener("pageshow", tell);
}
