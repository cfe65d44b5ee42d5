// Carrying a duty by mouse or pen: a small sheet follows, the grid scrolls at its edges. Fingers scroll, and choose.
import type { Hold } from "./hold";

const DRAG_FROM_PX = 5;
const EDGE_PX = 44;
const SCROLL_PX = 14;

export class Drag {
  private readonly sheet = document.createElement("div");
  private at = { x: 0, y: 0 };
  private frame = 0;

  constructor(
    private readonly grid: HTMLElement,
    private readonly hold: Hold,
  ) {
    this.sheet.className = "held-duty";
    grid.addEventListener("pointerdown", (event) => this.press(event));
    grid.addEventListener("dragstart", (event) => event.preventDefault());
  }

  private press(start: PointerEvent): void {
    const link = (start.target as Element).closest<HTMLElement>("a[data-duty]");
    if (!link || start.button !== 0 || start.pointerType === "touch" || !this.grid.dataset.reach) return;
    const listening = new AbortController();
    const { signal } = listening;
    let isDragged = false;
    const move = (event: PointerEvent): void => {
      this.at = { x: event.clientX, y: event.clientY };
      const way = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
      if (!isDragged && way >= DRAG_FROM_PX && !this.hold.isHolding) {
        isDragged = true;
        this.begin(link);
      }
    };
    const stop = (event: PointerEvent | KeyboardEvent): void => {
      if (event instanceof KeyboardEvent && event.key !== "Escape") return;
      listening.abort();
      if (isDragged) this.end(event.type === "pointerup");
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", stop, { signal });
    window.addEventListener("pointercancel", stop, { signal });
    window.addEventListener("keydown", stop, { signal, capture: true });
  }

  private begin(link: HTMLElement): void {
    // The click that ends a drag opens nothing.
    const swallow = (event: Event): void => {
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("click", swallow, { capture: true, once: true });
    window.addEventListener(
      "pointerup",
      () => window.setTimeout(() => window.removeEventListener("click", swallow, { capture: true })),
      { once: true },
    );
    this.grid.classList.add("is-dragging");
    this.sheet.replaceChildren(link.textContent ?? "", document.createElement("span"));
    // Within the frame of the grid: inside the grid itself, what is fixed would be fixed to the grid.
    this.grid.parentElement?.append(this.sheet);
    void this.hold.take(link);
    this.follow();
  }

  /** Once a frame: the sheet follows, the box beneath is aimed at, the grid scrolls where the edge is near. */
  private follow(): void {
    this.frame = requestAnimationFrame(() => this.follow());
    this.scroll();
    const under = document.elementFromPoint(this.at.x, this.at.y);
    const cell = under?.closest<HTMLElement>(".lines .cell") ?? null;
    this.hold.aimAt(cell && this.grid.contains(cell) ? cell : null);
    const refusal = cell ? this.hold.refusal : "";
    const words = this.sheet.lastElementChild;
    if (words && words.textContent !== refusal) words.textContent = refusal;
    this.sheet.classList.toggle("is-refused", refusal !== "");
    const x = Math.min(this.at.x + 14, window.innerWidth - this.sheet.offsetWidth - 4);
    const y = Math.min(this.at.y + 14, window.innerHeight - this.sheet.offsetHeight - 4);
    this.sheet.style.transform = `translate(${x}px, ${y}px)`;
  }

  private scroll(): void {
    const box = this.grid.getBoundingClientRect();
    if (this.at.y < box.top + EDGE_PX * 2) this.grid.scrollTop -= SCROLL_PX;
    else if (this.at.y > box.bottom - EDGE_PX) this.grid.scrollTop += SCROLL_PX;
    if (this.at.x > box.right - EDGE_PX) this.grid.scrollLeft += SCROLL_PX;
    else if (this.at.x < box.left + EDGE_PX * 2) this.grid.scrollLeft -= SCROLL_PX;
  }

  private end(isPutDown: boolean): void {
    cancelAnimationFrame(this.frame);
    this.grid.classList.remove("is-dragging");
    this.sheet.remove();
    if (isPutDown) void this.hold.putDown();
    else this.hold.letGo();
  }
}
