// The panes beside the canvas open and shut, and stay so; a map goes onto the whole wall.
const KEPT_S = 365 * 24 * 3600;

function isShut(pane: string): boolean {
  return document.documentElement.getAttribute(`data-${pane}`) === "shut";
}

function tell(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-pane]")) {
    button.setAttribute("aria-expanded", String(!isShut(button.dataset.pane ?? "")));
  }
}

function toggle(pane: string): void {
  const value = isShut(pane) ? "open" : "shut";
  document.documentElement.setAttribute(`data-${pane}`, value);
  // The server writes it into the next page, so that nothing jumps while it loads.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in the oldest browsers we serve
  document.cookie = `look_${pane}=${value}; path=/; max-age=${KEPT_S}; samesite=lax`;
  tell();
}

/** Where the bar of views is wider than the phone, the one that is open is in sight. */
function showView(): void {
  const bar = document.querySelector<HTMLElement>(".views");
  const open = bar?.querySelector<HTMLElement>("[aria-current]");
  if (bar && open && bar.scrollWidth > bar.clientWidth)
    bar.scrollLeft = open.offsetLeft - (bar.clientWidth - open.offsetWidth) / 2;
}

function press(event: MouseEvent): void {
  const target = event.target as Element;
  const pane = target.closest<HTMLElement>("[data-pane]")?.dataset.pane;
  if (pane) toggle(pane);
  // Only what a hand has just asked for may fill the screen; where it is refused, the page is the wall within its window.
  if (target.closest("[data-fullscreen]"))
    document.documentElement.requestFullscreen?.().catch(() => undefined);
}

export function startPanes(): void {
  document.documentElement.classList.add("has-script");
  document.addEventListener("click", press);
  for (const act of [tell, showView]) {
    document.addEventListener("htmx:afterSwap", act);
    act();
  }
}
