// A duty is taken up, by pointer or by M, carried over the grid, and put down where the rules allow it.
import { ask, askReach, type Moved, type Reach, type Target, type Undo } from "./reach";
import type { RowWindow } from "./window";

interface Held {
  duty: string;
  row: string;
  words: string;
  reach: Reach | null;
}

/** What becomes of a moved duty is shown by whoever owns the grid. */
export interface Shown {
  moved: (was: string, duty: number) => void;
}

export class Hold {
  private held: Held | null = null;
  private aim: HTMLElement | null = null;
  private readonly words: HTMLElement | null;
  private readonly form: HTMLFormElement | null;

  constructor(
    private readonly rows: RowWindow,
    private readonly shown: Shown,
  ) {
    const frame = rows.grid.parentElement;
    this.words = frame?.querySelector<HTMLElement>(".move-words") ?? null;
    this.form = frame?.querySelector<HTMLFormElement>(".move-form") ?? null;
  }

  get isHolding(): boolean {
    return this.held !== null;
  }

  /** What is known of the box that is aimed at: why not, or nothing where it may be put down. */
  get refusal(): string {
    if (!this.held?.reach) return this.told("asking");
    const target = this.target();
    return target ? target.why : this.told("elsewhere");
  }

  async take(link: HTMLElement): Promise<void> {
    const row = link.closest<HTMLElement>("[data-row]");
    const address = this.rows.grid.dataset.reach;
    if (!row || !address || !link.dataset.duty || this.held) return;
    const held: Held = {
      duty: link.dataset.duty,
      row: row.dataset.row ?? "",
      words: this.name(link, row),
      reach: null,
    };
    this.held = held;
    this.rows.grid.classList.add("is-holding");
    this.rows.each((each) => this.light(each));
    this.say(this.told("held").replace("{who}", held.words));
    const answer = await askReach(address, held.duty, this.told("lost"));
    if (this.held !== held) return;
    if ("words" in answer) {
      this.letGo();
      this.say(answer.words, true);
      return;
    }
    held.reach = answer.good;
    this.rows.each((each) => this.light(each));
    if (this.aim) this.aimAt(this.aim);
  }

  /** Light up a row's boxes that may take what is held; called for each row as it comes into sight. */
  light(row: HTMLElement): void {
    const { held } = this;
    const key = row.dataset.row ?? "";
    for (const [place, cell] of [...row.children].entries()) {
      const target = held?.reach?.at(key, place - 1);
      cell.classList.toggle("is-open", Boolean(target && !target.why));
    }
    if (key !== held?.row && !row.querySelector(".is-held")) return;
    for (const link of row.querySelectorAll<HTMLElement>("[data-duty]")) {
      link.classList.toggle("is-held", link.dataset.duty === held?.duty);
    }
  }

  aimAt(cell: HTMLElement | null): void {
    this.aim?.classList.remove("is-aim");
    this.aim = this.held ? cell : null;
    this.aim?.classList.add("is-aim");
  }

  /** Say by voice what a pointer sees. */
  sayAim(): void {
    if (this.held) this.say(this.refusal || this.told("may"), Boolean(this.refusal));
  }

  letGo(): void {
    this.aimAt(null);
    this.held = null;
    this.rows.grid.classList.remove("is-holding");
    this.rows.each((each) => this.light(each));
    this.say("");
  }

  async putDown(): Promise<void> {
    const { held, refusal } = this;
    const target = this.target();
    const row = this.aim?.parentElement?.dataset.row ?? "";
    this.letGo();
    if (!held?.reach || !target || refusal) {
      this.say(refusal, true);
      return;
    }
    const fields = { duty: held.duty, person: target.person, shift: target.shift, seen: held.reach.seen };
    await this.send(fields, [held.row, row]);
  }

  undo(): void {
    this.words?.querySelector("button")?.click();
  }

  private async send(
    fields: Omit<Undo, "duty" | "person"> & { duty: unknown; person: unknown },
    rows: string[],
  ) {
    if (!this.form) return;
    const body = new FormData(this.form);
    for (const [name, value] of Object.entries(fields)) body.set(name, String(value));
    body.set("rows", [...new Set(rows)].join(","));
    const answer = await ask<Moved>(this.form.action, this.told("lost"), body);
    if ("words" in answer) {
      this.say(answer.words, true);
      return;
    }
    const { good } = answer;
    this.rows.replace(good.rows);
    this.count(good.missing);
    this.say(good.words);
    this.offerUndo(good.undo, rows);
    this.shown.moved(String(fields.duty), good.duty);
  }

  private offerUndo(undo: Undo, rows: string[]): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = this.told("undo");
    button.addEventListener("click", () => void this.send(undo, rows));
    this.words?.append(button);
  }

  private count(missing: number[] | null): void {
    for (const [day, link] of [...this.rows.head.querySelectorAll<HTMLElement>(".missing")].entries()) {
      if (!missing) return;
      link.textContent = String(missing[day] ?? 0);
      link.hidden = !missing[day];
    }
  }

  private target(): Target | null {
    const row = this.aim?.parentElement;
    if (!this.held?.reach || !this.aim || !row) return null;
    return this.held.reach.at(row.dataset.row ?? "", [...row.children].indexOf(this.aim) - 1);
  }

  private name(link: HTMLElement, row: HTMLElement): string {
    const cell = link.closest<HTMLElement>(".cell");
    const day = cell ? this.rows.head.children[[...row.children].indexOf(cell)] : null;
    const who = row.firstElementChild?.firstElementChild?.textContent ?? "";
    return [who, day?.firstElementChild?.textContent, link.textContent].join(" ");
  }

  private told(name: string): string {
    return this.words?.dataset[name] ?? "";
  }

  private say(words: string, isRefused = false): void {
    if (!this.words) return;
    this.words.textContent = words;
    this.words.classList.toggle("is-refused", isRefused && words !== "");
  }
}
