// How an open screen learns that something changed: a stream of events; where that is blocked, by asking again.
export interface Told {
  mark: number;
  here: string[];
  around: string[];
}

export type State = "live" | "asked" | "lost" | "over";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
/** The server lets hear from it every 15 s. */
const SILENCE_MS = 40_000;
const ASK_EVERY_MS = 20_000;
const STREAM_AGAIN_MS = 300_000;
const FAILURES_UNTIL_ASKING = 2;

export class Stream {
  private source: EventSource | undefined;
  private timer: number | undefined;
  private watch: number | undefined;
  private failures = 0;
  private asksSince = 0;

  constructor(
    private readonly address: string,
    private mark: number,
    private readonly take: (told: Told) => void,
    private readonly say: (state: State) => void,
  ) {}

  open(): void {
    this.close();
    if (this.asksSince && performance.now() - this.asksSince < STREAM_AGAIN_MS) {
      void this.ask();
      return;
    }
    this.asksSince = 0;
    const source = new EventSource(`${this.address}?since=${this.mark}`);
    this.source = source;
    this.listen();
    source.addEventListener("open", () => this.listen());
    for (const kind of ["open", "beat", "changed"]) {
      source.addEventListener(kind, (event) => this.hear(event));
    }
    source.addEventListener("over", () => void this.ask());
    source.addEventListener("error", (event) => {
      if (!(event instanceof MessageEvent)) this.fail();
    });
  }

  close(): void {
    this.source?.close();
    this.source = undefined;
    window.clearTimeout(this.timer);
    window.clearTimeout(this.watch);
  }

  private hear(event: Event): void {
    if (!(event instanceof MessageEvent)) return;
    this.failures = 0;
    this.mark = Number(event.lastEventId) || this.mark;
    this.listen();
    this.say("live");
    if (event.type === "changed") this.take(JSON.parse(event.data) as Told);
  }

  /** A connection may be gone without anybody having closed it. */
  private listen(): void {
    window.clearTimeout(this.watch);
    this.watch = window.setTimeout(() => this.fail(), SILENCE_MS);
  }

  private fail(): void {
    this.close();
    this.failures += 1;
    if (this.failures >= FAILURES_UNTIL_ASKING && !this.asksSince) this.asksSince = performance.now();
    else this.say("lost");
    this.wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1)));
  }

  private wait(ms: number): void {
    // Not all at the same moment, when a server comes back.
    this.timer = window.setTimeout(() => this.open(), ms * (0.75 + Math.random() / 2));
  }

  private async ask(): Promise<void> {
    this.close();
    this.asksSince ||= performance.now();
    const answer = await fetch(`${this.address}?since=${this.mark}`, {
      headers: { Accept: "application/json" },
      redirect: "manual",
    }).catch(() => undefined);
    if (!answer || answer.status >= 500) {
      this.fail();
      return;
    }
    if (!answer.ok) {
      this.say("over");
      return;
    }
    const told = (await answer.json()) as Told;
    this.failures = 0;
    this.mark = told.mark;
    this.say("asked");
    this.take(told);
    this.wait(ASK_EVERY_MS);
  }
}
