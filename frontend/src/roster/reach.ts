// Where a held duty may be put down, as the server told it when it was taken up.
export interface Target {
  shift: number;
  person: string;
  why: string;
}

interface Told {
  seen: string;
  words: string[];
  open?: [number, number][];
  rows?: Record<string, number[]>;
  cells?: Record<string, Record<string, [number, number]>>;
}

const MAY = -1;

export class Reach {
  private readonly columns: Map<number, number>;

  constructor(private readonly told: Told) {
    this.columns = new Map((told.open ?? []).map(([day], at) => [day, at]));
  }

  /** When the server looked: what changed since refuses the move. */
  get seen(): string {
    return this.told.seen;
  }

  /** What a box is for the held duty: nothing where no such shift lacks people, a refusal where `why` is said. */
  at(row: string, day: number): Target | null {
    return this.told.cells ? this.atPost(row, day) : this.atPerson(row, day);
  }

  private atPost(row: string, day: number): Target | null {
    const found = this.told.cells?.[row]?.[day];
    return found ? { shift: found[0], person: "", why: this.say(found[1]) } : null;
  }

  private atPerson(row: string, day: number): Target | null {
    const at = this.columns.get(day);
    const open = at === undefined ? undefined : this.told.open?.[at];
    if (at === undefined || !open) return null;
    return { shift: open[1], person: row, why: this.say(this.told.rows?.[row]?.[at] ?? MAY) };
  }

  private say(number: number): string {
    return number === MAY ? "" : (this.told.words[number] ?? "");
  }
}

export interface Undo {
  duty: number;
  person: number;
  shift: number;
  seen: string;
}

export interface Moved {
  words: string;
  duty: number;
  undo: Undo;
  rows: Record<string, string>;
  missing: number[] | null;
}

export type Answer<Good> = { good: Good } | { words: string };

/** Ask the server; a refusal is words, and so is silence. */
export async function ask<Good>(address: string, lost: string, body?: FormData): Promise<Answer<Good>> {
  try {
    const answer = await fetch(address, body ? { method: "POST", body } : {});
    const said = (await answer.json()) as Good & { words?: string };
    return answer.ok ? { good: said } : { words: said.words ?? lost };
  } catch {
    return { words: lost };
  }
}

export async function askReach(address: string, duty: string, lost: string): Promise<Answer<Reach>> {
  const answer = await ask<Told>(`${address}&duty=${duty}`, lost);
  return "good" in answer ? { good: new Reach(answer.good) } : answer;
}
