// Arrow keys walk the boxes of the grid, in sight or not; the grid is one stop for Tab.
import type { RowWindow } from "./window";

interface Step {
  across: number;
  down: number;
}

const STEPS: Record<string, Step> = {
  ArrowLeft: { across: -1, down: 0 },
  ArrowRight: { across: 1, down: 0 },
  ArrowUp: { across: 0, down: -1 },
  ArrowDown: { across: 0, down: 1 },
};

export class Walk {
  private row = 0;
  private column = 0;
  private stop: HTMLElement | null = null;

  constructor(
    private readonly rows: RowWindow,
    private readonly onStep: (cell: HTMLElement) => void,
  ) {
    const grid = rows.grid;
    grid.addEventListener("focusin", (event) => this.enter(event.target as HTMLElement));
    grid.addEventListener("focusout", (event) => {
      if (!grid.contains(event.relatedTarget as Node | null)) this.leave();
    });
    grid.addEventListener("muster:refocus", () => this.focus());
  }

  /** What of a row may have the focus is walked to, not tabbed to; what has it stays the grid's one stop. */
  quiet(row: HTMLElement): void {
    for (const stop of row.querySelectorAll<HTMLElement>("a")) if (stop !== this.stop) stop.tabIndex = -1;
  }

  press(event: KeyboardEvent): boolean {
    const step = STEPS[event.key] ?? this.leap(event);
    if (!step || event.altKey || event.metaKey) return false;
    event.preventDefault();
    if (!this.within(step.down)) this.move(step);
    return true;
  }

  focus(): void {
    this.rows.reveal(this.row);
    const cell = this.rows.row(this.row)?.children[this.column] as HTMLElement | undefined;
    if (!cell) return;
    const target = cell.querySelector<HTMLElement>("a:not([hidden])") ?? cell;
    if (target !== this.stop) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    this.uncover(cell);
    this.onStep(cell);
  }

  private leave(): void {
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = null;
    this.rows.grid.tabIndex = 0;
  }

  private enter(target: HTMLElement): void {
    const grid = this.rows.grid;
    if (target === grid) {
      this.focus();
      return;
    }
    // While the focus is inside, what has it is the grid's one stop, so that Shift Tab leaves the grid.
    grid.tabIndex = -1;
    if (this.stop) this.stop.tabIndex = -1;
    target.tabIndex = 0;
    this.stop = target;
    const cell = target.closest<HTMLElement>("[role=row] > *");
    const row = cell?.parentElement;
    if (!cell || !row) return;
    this.row = this.rows.indexOfRow(row);
    this.column = [...row.children].indexOf(cell);
  }

  private leap(event: KeyboardEvent): Step | undefined {
    const last = this.rows.length - 1;
    const isFar = event.ctrlKey;
    const leaps: Record<string, Step> = {
      Home: { across: -this.column, down: isFar ? -this.row : 0 },
      End: { across: this.rows.head.childElementCount, down: isFar ? last - this.row : 0 },
      PageUp: { across: 0, down: -Math.min(this.rows.reach, this.row) },
      PageDown: { across: 0, down: this.rows.reach },
    };
    return leaps[event.key];
  }

  /** Walk within a box that holds several names, before leaving it. */
  private within(down: number): boolean {
    const stop = document.activeElement;
    const next = down > 0 ? stop?.nextElementSibling : down < 0 ? stop?.previousElementSibling : null;
    if (Math.abs(down) !== 1 || !stop?.matches("a.duty") || !next?.matches("a.duty")) return false;
    if (!this.rows.rows.heights.length) return false;
    (next as HTMLElement).focus();
    return true;
  }

  private move(step: Step): void {
    this.row = Math.min(Math.max(-1, this.row + step.down), this.rows.length - 1);
    const columns = this.rows.head.childElementCount;
    this.column = Math.min(Math.max(0, this.column + step.across), columns - 1);
    this.focus();
  }

  /** A box beneath the names, or beyond the edge, is brought beside them. */
  private uncover(cell: HTMLElement): void {
    if (cell.classList.contains("who")) return;
    const grid = this.rows.grid;
    const names = this.rows.head.firstElementChild as HTMLElement;
    const left = cell.offsetLeft - names.offsetWidth;
    const right = cell.offsetLeft + cell.offsetWidth - grid.clientWidth;
    if (left < grid.scrollLeft) grid.scrollLeft = left;
    else if (right > grid.scrollLeft) grid.scrollLeft = right;
  }
}
