// The area tree opens branch by branch, by click and by arrow keys, and keeps its place when a page is swapped.
import htmx from "htmx.org";

const OPEN = "data-open";
const SELECTED = ".tree .row.selected, .door.selected, .building.selected";
const HEAD_PX = 40;

function branch(toggle: Element): HTMLLIElement | null {
  return toggle.closest("li");
}

function setOpen(item: HTMLLIElement, open: boolean): void {
  item.toggleAttribute(OPEN, open);
  item.querySelector(":scope > .row > .toggle")?.setAttribute("aria-expanded", String(open));
  item.querySelector<HTMLElement>(":scope > ul")?.toggleAttribute("hidden", !open);
}

async function openBranch(item: HTMLLIElement, address: string): Promise<void> {
  if (!item.querySelector(":scope > ul")) {
    await htmx.ajax("get", address, { target: item, swap: "beforeend", select: "ul" });
  }
  setOpen(item, true);
}

function toggleBranch(toggle: HTMLElement): void {
  const item = branch(toggle);
  const address = toggle.dataset.children;
  if (!item || !address) return;
  if (item.hasAttribute(OPEN)) setOpen(item, false);
  else void openBranch(item, address);
}

function step(link: HTMLElement, by: number): void {
  const links = [...document.querySelectorAll<HTMLElement>(".tree .area-link")].filter(
    (each) => each.offsetParent !== null,
  );
  links[links.indexOf(link) + by]?.focus();
}

function press(event: KeyboardEvent): void {
  const link = (event.target as Element).closest<HTMLElement>(".tree .area-link");
  if (!link) return;
  const toggle = branch(link)?.querySelector<HTMLElement>(":scope > .row > .toggle");
  const isOpen = branch(link)?.hasAttribute(OPEN) ?? false;
  const acts: Record<string, () => void> = {
    ArrowDown: () => step(link, 1),
    ArrowUp: () => step(link, -1),
    ArrowRight: () => (toggle && !isOpen ? toggleBranch(toggle) : step(link, 1)),
    ArrowLeft: () =>
      toggle && isOpen
        ? toggleBranch(toggle)
        : branch(link)?.parentElement?.closest("li")?.querySelector<HTMLElement>(".area-link")?.focus(),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** Bring what is selected into sight, in the tree and in a matrix of doors. */
function showSelected(): void {
  if (window.matchMedia("(max-width: 760px)").matches) return;
  for (const selected of document.querySelectorAll(SELECTED)) {
    const frame = selected.closest(".tree, .canvas");
    const place = selected.getBoundingClientRect();
    const sight = frame?.getBoundingClientRect();
    if (!frame || !sight || (place.top >= sight.top + HEAD_PX && place.bottom <= sight.bottom)) continue;
    frame.scrollTop += place.top - sight.top - sight.height / 2;
  }
}

export function startTree(): void {
  document.addEventListener("click", (event) => {
    const toggle = (event.target as Element).closest<HTMLElement>(".tree .toggle[data-children]");
    if (!toggle) return;
    event.preventDefault();
    toggleBranch(toggle);
  });
  document.addEventListener("keydown", press);
  showSelected();
}

export function keepTree(): void {
  let top = 0;
  document.addEventListener("htmx:beforeSwap", () => {
    top = document.querySelector(".tree")?.scrollTop ?? top;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const tree = document.querySelector(".tree");
    if (!tree) return;
    tree.scrollTop = top;
    showSelected();
  });
}
