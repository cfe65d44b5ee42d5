// The roster's grid: a window on its rows, walked by keys, its duties opened beside it and moved on it.
import htmx from "htmx.org";
import { Drag } from "./drag";
import { Hold } from "./hold";
import { Walk } from "./walk";
import { type Rows, RowWindow } from "./window";

const kept = { address: "", top: 0, left: 0 };

class Roster {
  private readonly rows: RowWindow;
  private readonly walk: Walk;
  private readonly hold: Hold;
  private selected = "";

  constructor(
    private readonly grid: HTMLElement,
    rows: Rows,
  ) {
    this.selected = grid.querySelector<HTMLElement>(".duty.selected")?.getAttribute("href") ?? "";
    this.rows = new RowWindow(grid, rows, (row) => this.drawn(row));
    this.walk = new Walk(this.rows, (cell) => this.stepped(cell));
    this.hold = new Hold(this.rows, { moved: (was, duty) => this.moved(was, duty) });
    new Drag(grid, this.hold);
    this.rows.each((row) => this.drawn(row));
    this.walk.quiet(this.rows.head);
    grid.addEventListener("click", (event) => this.click(event));
    grid.addEventListener("keydown", (event) => this.press(event));
    grid.addEventListener("muster:pick-up", (event) => this.pickUp(event.target as HTMLElement));
    this.restore();
  }

  /** What is drawn anew is marked as what is chosen or held; at the very first there is nobody to ask yet. */
  private drawn(row: HTMLElement): void {
    this.walk?.quiet(row);
    this.hold?.light(row);
    for (const link of row.querySelectorAll<HTMLElement>("a.duty")) this.mark(link);
  }

  private mark(link: HTMLElement): void {
    const isSelected = this.selected !== "" && link.getAttribute("href") === this.selected;
    if (isSelected === link.classList.contains("selected")) return;
    link.classList.toggle("selected", isSelected);
    if (isSelected) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }

  /** A page that comes back stands where it stood; a fresh one where its address points. */
  private restore(): void {
    const address = this.grid.dataset.rows ?? "";
    const chosen = this.grid.querySelector<HTMLElement>(".duty.selected")?.closest<HTMLElement>(".line");
    if (kept.address === address) this.grid.scrollTo(kept.left, kept.top);
    else this.rows.reveal(chosen ? this.rows.indexOfRow(chosen) : Number(this.grid.dataset.first));
    this.grid.addEventListener(
      "scroll",
      () => Object.assign(kept, { address, top: this.grid.scrollTop, left: this.grid.scrollLeft }),
      { passive: true },
    );
  }

  private click(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLElement>("a.duty");
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    // On a phone the details are a page of their own, above the grid.
    if (!link || !isPlain || window.matchMedia("(max-width: 760px)").matches) return;
    event.preventDefault();
    this.open(link);
  }

  /** Open a duty or an empty place beside the grid, which stays as it is. */
  private open(link: HTMLElement): void {
    const address = link.getAttribute("href");
    if (!address) return;
    this.selected = address;
    this.rows.each((row) => this.drawn(row));
    void htmx.ajax("get", address, { target: "#inspector", select: "#inspector", swap: "outerHTML" });
  }

  private press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (this.hold.isHolding && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault();
      if (event.key === "Enter") void this.hold.putDown();
      else this.hold.letGo();
      return;
    }
    if (event.ctrlKey && event.key.toLowerCase() === "z") this.hold.undo();
    else this.walk.press(event);
  }

  private pickUp(target: HTMLElement): void {
    const link = target.closest<HTMLElement>("a[data-duty]");
    if (link && !this.hold.isHolding) void this.hold.take(link);
  }

  private stepped(cell: HTMLElement): void {
    if (!this.hold.isHolding) return;
    this.hold.aimAt(cell.classList.contains("cell") ? cell : null);
    this.hold.sayAim();
  }

  private moved(was: string, duty: number): void {
    const link = this.grid.querySelector<HTMLElement>(`[data-duty="${duty}"]`);
    if (!link) return;
    if (new RegExp(`[?&]duty=${was}$`).test(this.selected)) this.open(link);
    if (this.grid.contains(document.activeElement)) link.focus({ preventScroll: true });
  }
}

export function startRosters(root: Node): void {
  if (!(root instanceof Element)) return;
  const grid = root.querySelector<HTMLElement>("[data-roster]");
  const rows = grid?.parentElement?.querySelector("#roster-rows")?.textContent;
  if (!grid || !rows || grid.classList.contains("is-windowed")) return;
  new Roster(grid, JSON.parse(rows) as Rows);
}

/** A sheet for the wall is printed by its own button; nothing else of the desk is. */
export function startPapers(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-print]")) window.print();
  });
}
