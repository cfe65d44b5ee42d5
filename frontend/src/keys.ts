// Keys of the desk: the list behind "?", views behind "G", panes behind brackets. Off where somebody said so.
const SEQUENCE_MS = 1200;
let begunAt = Number.NEGATIVE_INFINITY;

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as Element | null;
  return Boolean(target?.closest("input, textarea, select, [contenteditable], dialog"));
}

function click(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

const KEYS: Record<string, () => void> = {
  "?": () => openSheet("keys"),
  "/": () => focus("#search"),
  "[": () => click('[data-pane="tree"]'),
  "]": () => click('[data-pane="inspector"]'),
  a: () => focus(".tree .row.selected .area-link, .tree .area-link"),
  i: () => focus("#inspector"),
  t: () => click('#inspector [data-key="t"]'),
  s: () => click('#inspector [data-key="s"]'),
  m: () => document.activeElement?.dispatchEvent(new CustomEvent("muster:pick-up", { bubbles: true })),
};

function openView(letter: string): boolean {
  const link = document.querySelector<HTMLElement>(`.views a[data-key="${CSS.escape(letter)}"]`);
  link?.click();
  return link !== null;
}

function press(event: KeyboardEvent): void {
  const isPlain = !(
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    event.defaultPrevented
  );
  if (!isPlain || isTyping(event) || document.documentElement.dataset.keys === "off") return;
  const key = event.key.toLowerCase();
  const isSecond = performance.now() - begunAt < SEQUENCE_MS;
  begunAt = key === "g" ? performance.now() : Number.NEGATIVE_INFINITY;
  const act = KEYS[key];
  if (isSecond ? openView(key) : act) {
    event.preventDefault();
    if (!isSecond) act?.();
  }
}

function openSheet(id: string): void {
  const sheet = document.getElementById(id);
  if (sheet instanceof HTMLDialogElement && !sheet.open) sheet.showModal();
}

function closeSheet(id: string): void {
  const sheet = document.getElementById(id);
  if (sheet instanceof HTMLDialogElement) sheet.close();
}

/** A button with data-opens shows the sheet of that id, one with data-closes puts it away; so does a click beside it. */
function pressSheets(event: MouseEvent): void {
  const target = event.target as Element;
  const opens = target.closest<HTMLElement>("[data-opens]")?.dataset.opens;
  const closes = target.closest<HTMLElement>("[data-closes]")?.dataset.closes;
  if (opens) openSheet(opens);
  if (closes) closeSheet(closes);
  if (target instanceof HTMLDialogElement) target.close();
}

export function startKeys(): void {
  document.addEventListener("keydown", press);
  document.addEventListener("click", pressSheets);
}
