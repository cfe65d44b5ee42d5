// The board played back: the slider and the steps ask for the parts as they stood; playing goes on by itself.
import { renewPart } from "./live/morph";
import { askParts } from "./live/parts";

const PARTS = ["map", "posts", "tree", "facts", "top", "past"];
const TICK_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MIN = 1440;
const SLIDING_MS = 120;

let speed = 0;
let timer: number | undefined;
let sliding: number | undefined;
let asked = 0;
let isBusy = false;

function bar(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#live-past");
}

function slider(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#playback-minute");
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}

/** Local moments are reckoned as if they were universal: the browser's own zone is not the city's. */
function write(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;
  return `${day}T${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
}

function read(text: string): number {
  return Date.parse(`${text}Z`);
}

function list(day: string): string[] {
  const isOtherDay = bar()?.dataset.day !== day;
  return isOtherDay ? [...PARTS, "days"] : PARTS;
}

function put(): void {
  const said = bar();
  const range = slider();
  if (!said || !range) return;
  const time = said.dataset.at?.slice(11, 16) ?? "";
  if (document.activeElement !== range || speed) range.value = said.dataset.minute ?? range.value;
  range.setAttribute("aria-valuetext", time);
  const day = document.querySelector<HTMLInputElement>('.playback-time [name="day"]');
  if (day) day.value = said.dataset.day ?? "";
  tell();
}

async function go(at: string): Promise<void> {
  const desk = document.querySelector<HTMLElement>("#desk.is-past");
  const number = ++asked;
  if (!desk) return;
  isBusy = true;
  const page = await askParts(desk, list(at.slice(0, 10)), at);
  isBusy = false;
  // A later moment has been asked for meanwhile.
  if (!page || number !== asked) return;
  for (const wanted of page.querySelectorAll('[id^="live-"]')) {
    const part = document.getElementById(wanted.id);
    if (part) renewPart(part, wanted, { isMarked: false });
  }
  put();
  history.replaceState(history.state, "", `?at=${bar()?.dataset.at ?? at}`);
}

function tell(): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-play]")) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.play) === speed));
  }
}

function stop(): void {
  speed = 0;
  window.clearInterval(timer);
  tell();
}

function step(): void {
  const said = bar();
  if (!said) {
    stop();
    return;
  }
  if (isBusy) return;
  const before = said.dataset.at ?? "";
  const isAtPresent = Number(said.dataset.minute) >= Number(said.dataset.lastMinute);
  if (isAtPresent && Number(said.dataset.lastMinute) < DAY_MIN - 1) stop();
  else void go(write(read(before.slice(0, 16)) + (speed / 60) * MINUTE_MS));
}

function play(asked: number): void {
  const isSame = asked === speed;
  stop();
  if (isSame) return;
  speed = asked;
  timer = window.setInterval(step, TICK_MS);
  tell();
}

function press(event: MouseEvent): void {
  const target = event.target as Element;
  const button = target.closest<HTMLElement>("[data-play]");
  if (button) play(Number(button.dataset.play));
  const link = target.closest<HTMLElement>("[data-playback] a[data-at]");
  if (!link?.dataset.at || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  stop();
  void go(link.dataset.at);
}

function slide(event: Event): void {
  const range = event.target as HTMLInputElement;
  if (range.id !== "playback-minute") return;
  stop();
  const minute = Number(range.value);
  const at = `${bar()?.dataset.day}T${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
  range.setAttribute("aria-valuetext", at.slice(11));
  window.clearTimeout(sliding);
  sliding = window.setTimeout(() => void go(at), SLIDING_MS);
}

/** From one area to another the moment stays. */
function keepMoment(event: Event): void {
  const detail = (event as CustomEvent<{ path: string; verb: string; boosted?: boolean }>).detail;
  const at = document.querySelector("#desk.is-past") ? bar()?.dataset.at : undefined;
  if (at && detail.verb === "get" && /^\/areas\/[^/?]+$/.test(detail.path)) detail.path += `?at=${at}`;
}

export function startPlayback(): void {
  document.addEventListener("click", press, true);
  document.addEventListener("input", slide);
  document.addEventListener("htmx:configRequest", keepMoment);
  document.addEventListener("htmx:afterSettle", () => {
    if (!bar()) stop();
  });
}
