// Of thousands of rows only those in sight are in the page; the markup of the others is fetched when they come near.
const BLOCK = 40;
const AHEAD = 8;
const REQUESTS_AT_ONCE = 2;
const RETRY_MS = 3000;

export interface Rows {
  keys: string[];
  heights: number[];
}

type Drawn = (row: HTMLElement, index: number) => void;

export class RowWindow {
  readonly head: HTMLElement;
  private readonly lines: HTMLElement;
  private readonly markup = new Map<string, string>();
  private readonly shown = new Map<number, HTMLElement>();
  private readonly asked = new Set<string>();
  private readonly places: Map<string, number>;
  private tops: number[] = [];
  private headPx = 0;
  private viewPx = 0;
  private linePx = 0;
  private requests = 0;
  private frame = 0;

  constructor(
    readonly grid: HTMLElement,
    readonly rows: Rows,
    private readonly onDrawn: Drawn,
  ) {
    this.head = grid.querySelector<HTMLElement>(".heads") ?? grid;
    this.lines = grid.querySelector<HTMLElement>(".lines") ?? grid;
    this.places = new Map(rows.keys.map((key, index) => [key, index]));
    this.adopt(Number(grid.dataset.first));
    grid.addEventListener("scroll", () => this.later(), { passive: true });
    new ResizeObserver(() => this.measure()).observe(grid);
    this.measure();
  }

  get length(): number {
    return this.rows.keys.length;
  }

  /** How many rows are in sight at once. */
  get reach(): number {
    return Math.max(1, Math.floor((this.viewPx - this.headPx) / Math.max(1, this.tops[1] ?? 1)) - 1);
  }

  row(index: number): HTMLElement | undefined {
    return index < 0 ? this.head : this.shown.get(index);
  }

  indexOf(key: string): number {
    return this.places.get(key) ?? -1;
  }

  indexOfRow(row: Element): number {
    return row === this.head ? -1 : this.indexOf((row as HTMLElement).dataset.row ?? "");
  }

  each(act: Drawn): void {
    for (const [index, row] of this.shown) act(row, index);
  }

  /** Bring a row into sight, beneath the heads, and into the page. */
  reveal(index: number): void {
    const top = this.tops[Math.max(0, index)] ?? 0;
    const bottom = this.tops[index + 1] ?? top;
    const room = this.viewPx - this.headPx;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (bottom > this.grid.scrollTop + room) this.grid.scrollTop = bottom - room;
    this.sync();
  }

  /** Take rows as they are now, in sight or not. */
  replace(rows: Record<string, string>): void {
    for (const [key, markup] of Object.entries(rows)) this.take(key, markup);
  }

  private take(key: string, markup: string): void {
    this.markup.set(key, markup);
    const index = this.indexOf(key);
    const old = this.shown.get(index);
    if (!old) return;
    const hadFocus = old.contains(document.activeElement);
    const row = this.build(index);
    old.replaceWith(row);
    this.shown.set(index, row);
    if (hadFocus) this.grid.dispatchEvent(new CustomEvent("muster:refocus"));
  }

  /** The rows that came with the page are the first that are known. */
  private adopt(first: number): void {
    for (const [offset, row] of [...this.lines.children].entries()) {
      const line = row as HTMLElement;
      this.markup.set(line.dataset.row ?? "", line.outerHTML);
      this.shown.set(first + offset, line);
    }
  }

  private measure(): void {
    const style = getComputedStyle(this.grid);
    const line = Number.parseFloat(style.getPropertyValue("--duty-line"));
    this.headPx = this.head.offsetHeight;
    this.viewPx = this.grid.clientHeight;
    this.grid.classList.add("is-windowed");
    if (line !== this.linePx) {
      this.linePx = line;
      this.lay(line, Number.parseFloat(style.getPropertyValue("--duty-gap")));
    }
    this.lines.style.width = `${this.head.offsetWidth}px`;
    this.sync();
  }

  private lay(line: number, gap: number): void {
    this.tops = [0];
    let top = 0;
    for (let index = 0; index < this.length; index += 1) {
      top += line * (this.rows.heights[index] ?? 1) + gap;
      this.tops.push(top);
    }
    this.lines.style.height = `${top}px`;
    this.each((row, index) => this.place(row, index));
  }

  private later(): void {
    this.frame ||= requestAnimationFrame(() => this.sync());
  }

  private sync(): void {
    this.frame = 0;
    const top = this.grid.scrollTop;
    const first = Math.max(0, this.rowAt(top) - AHEAD);
    const end = Math.min(this.length, this.rowAt(top + this.viewPx) + AHEAD + 1);
    this.drop(first, end);
    this.fill(first, end);
    this.fetchNear(first, end);
  }

  private rowAt(px: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tops[middle + 1] ?? 0) <= px) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private drop(first: number, end: number): void {
    for (const [index, row] of this.shown) {
      // What has the focus stays, or whoever walks by keyboard would be thrown out of the grid.
      if ((index >= first && index < end) || row.contains(document.activeElement)) continue;
      row.remove();
      this.shown.delete(index);
    }
  }

  private fill(first: number, end: number): void {
    let previous: Element | null = null;
    for (let index = first; index < end; index += 1) {
      let row = this.shown.get(index);
      if (!row) {
        row = this.build(index);
        this.shown.set(index, row);
        if (previous) previous.after(row);
        else this.lines.prepend(row);
      }
      previous = row;
    }
  }

  private build(index: number): HTMLElement {
    const markup = this.markup.get(this.rows.keys[index] ?? "");
    const row = markup ? parse(markup) : this.waiting(index, markup === undefined);
    this.place(row, index);
    return row;
  }

  private place(row: HTMLElement, index: number): void {
    row.style.top = `${this.tops[index] ?? 0}px`;
    // Assistive technology counts the heads as row 1.
    row.setAttribute("aria-rowindex", String(index + 2));
    this.onDrawn(row, index);
  }

  /** A row that is not there yet: as many boxes, nothing in them. */
  private waiting(index: number, isExpected: boolean): HTMLElement {
    const row = document.createElement("div");
    row.className = isExpected ? "line is-waiting" : "line";
    row.setAttribute("role", "row");
    row.dataset.row = this.rows.keys[index] ?? "";
    for (const head of this.head.children) {
      const cell = document.createElement("div");
      const kind = head.classList[0] ?? "cell";
      cell.className = [...head.classList].join(" ");
      cell.setAttribute("role", kind === "who" ? "rowheader" : "gridcell");
      row.append(cell);
    }
    return row;
  }

  /** Ask for the rows in sight first, then for those that come next on either side. */
  private fetchNear(first: number, end: number): void {
    for (const index of [first + AHEAD, end - 1, end + BLOCK - AHEAD, first - BLOCK + AHEAD]) {
      const start = Math.floor(Math.min(Math.max(0, index), this.length - 1) / BLOCK) * BLOCK;
      const wanted = this.rows.keys
        .slice(start, start + BLOCK)
        .filter((key) => !this.markup.has(key) && !this.asked.has(key));
      if (wanted.length && this.requests < REQUESTS_AT_ONCE) void this.ask(wanted);
    }
  }

  private async ask(keys: string[]): Promise<void> {
    this.requests += 1;
    for (const key of keys) this.asked.add(key);
    try {
      const answer = await fetch(`${this.grid.dataset.rows}&rows=${keys.join(",")}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const { rows } = (await answer.json()) as { rows: Record<string, string> };
      // Whoever left the roster meanwhile keeps a row, an empty one, so that none beneath it moves.
      for (const key of keys) this.take(key, rows[key] ?? "");
      this.requests -= 1;
      this.later();
    } catch {
      for (const key of keys) this.asked.delete(key);
      window.setTimeout(() => {
        this.requests -= 1;
        if (this.grid.isConnected) this.later();
      }, RETRY_MS);
    }
  }
}

function parse(markup: string): HTMLElement {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content.firstElementChild as HTMLElement;
}
