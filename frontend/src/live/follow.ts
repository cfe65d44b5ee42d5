// Follows the area that the page shows: asks for the parts that changed, not while somebody types, and not oftener
// than the server has time for.
import htmx from "htmx.org";
import { renewPart } from "./morph";
import { askParts } from "./parts";
import { type State, Stream, type Told } from "./stream";

const LEAST_WAIT_MS = 700;
/** So many times as long as the last answer took is waited before the next is asked for. */
const PATIENCE = 4;
const SLOW_WAIT_MS = 20_000;
const TYPING_MS = 1500;

export class Follower {
  private readonly stream: Stream;
  private readonly here = new Set<string>();
  private readonly around = new Set<string>();
  private timer: number | undefined;
  private slow: number | undefined;
  private mayAskAt = 0;
  private typedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly desk: HTMLElement,
    address: string,
  ) {
    const mark = Number(desk.dataset.mark ?? 0);
    this.stream = new Stream(
      address,
      mark,
      (told) => this.take(told),
      (state) => this.say(state),
    );
    desk.addEventListener("input", () => {
      this.typedAt = performance.now();
    });
  }

  isOf(desk: HTMLElement | null): boolean {
    return desk === this.desk;
  }

  /** A screen that nobody sees needs no stream, and a browser has few connections to give. */
  watch(): void {
    if (document.hidden) this.stream.close();
    else this.stream.open();
  }

  stop(): void {
    this.stream.close();
    window.clearTimeout(this.timer);
    window.clearTimeout(this.slow);
  }

  private say(state: State): void {
    const badge = this.desk.querySelector<HTMLElement>("[data-live-state]");
    if (!badge || (badge.dataset.state === state && state !== "live")) return;
    badge.dataset.state = state;
    const language = document.documentElement.lang;
    const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const words = badge.getAttribute(`data-${state}-words`) ?? "";
    const said = state === "lost" ? `${words} ${time.format(new Date())}` : words;
    if (badge.textContent !== said) badge.textContent = said;
  }

  private take(told: Told): void {
    for (const topic of told.here) this.here.add(topic);
    for (const topic of told.around) this.around.add(topic);
    if (this.here.size + this.around.size) this.plan();
  }

  private plan(): void {
    window.clearTimeout(this.timer);
    const now = performance.now();
    const wait = Math.max(this.mayAskAt - now, this.typedAt + TYPING_MS - now, 0);
    this.timer = window.setTimeout(() => void this.renew(), wait);
  }

  private isTouched(part: HTMLElement): boolean {
    const touches = (said: string | undefined, topics: Set<string>): boolean =>
      Boolean(said?.split(" ").some((topic) => topics.has(topic)));
    return touches(part.dataset.live, this.here) || touches(part.dataset.liveAround, this.around);
  }

  private async renew(): Promise<void> {
    if (performance.now() - this.typedAt < TYPING_MS) {
      this.plan();
      return;
    }
    const parts = [...this.desk.querySelectorAll<HTMLElement>("[data-live], [data-live-around]")];
    const touched = parts.filter((part) => this.isTouched(part));
    this.renewSlowly();
    const topics = [[...this.here], [...this.around]];
    this.here.clear();
    this.around.clear();
    if (!touched.length) return;
    const begunAt = performance.now();
    this.mayAskAt = Number.POSITIVE_INFINITY;
    const isDone = await this.fetch(touched).catch(() => false);
    const took = performance.now() - begunAt;
    this.mayAskAt = performance.now() + Math.max(LEAST_WAIT_MS, PATIENCE * took);
    // What was not brought is asked for again; what came meanwhile waits for its turn.
    if (!isDone) this.take({ mark: 0, here: topics[0] ?? [], around: topics[1] ?? [] });
    else if (this.here.size + this.around.size) this.plan();
  }

  private async fetch(touched: HTMLElement[]): Promise<boolean> {
    const page = await askParts(
      this.desk,
      touched.map((part) => part.id.replace("live-", "")),
    );
    if (!page) return false;
    for (const part of touched) {
      const wanted = page.getElementById(part.id);
      if (wanted && part.isConnected) renewPart(part, wanted);
    }
    return true;
  }

  /** Figures and what changed cost more, and are read at leisure. */
  private renewSlowly(): void {
    const touched = [...this.desk.querySelectorAll<HTMLElement>("[data-live-slow]")].filter((part) =>
      part.dataset.liveSlow?.split(" ").some((topic) => this.here.has(topic)),
    );
    if (!touched.length || this.slow !== undefined) return;
    this.slow = window.setTimeout(() => {
      this.slow = undefined;
      for (const part of touched) if (part.isConnected) htmx.trigger(part, "muster:renew", {});
    }, SLOW_WAIT_MS);
  }
}
