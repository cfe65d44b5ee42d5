// A page that says what it follows is kept true while it is open. What follows is only loaded where something is.
import type { Follower } from "./live/follow";

let current: Follower | undefined;

let isPlayable = false;

/** The playback is loaded with the first page that has one. */
async function play(): Promise<void> {
  if (isPlayable || !document.querySelector("[data-playback]")) return;
  isPlayable = true;
  const { startPlayback } = await import("./playback");
  startPlayback();
}

async function follow(): Promise<void> {
  const desk = document.querySelector<HTMLElement>("#desk");
  const address = desk?.dataset.follow;
  if (current?.isOf(desk)) return;
  current?.stop();
  current = undefined;
  if (!desk || !address) return;
  const { Follower } = await import("./live/follow");
  if (current || !desk.isConnected) return;
  current = new Follower(desk, address);
  current.watch();
}

export function startLive(): void {
  document.addEventListener("htmx:afterSettle", () => {
    void follow();
    void play();
  });
  document.addEventListener("visibilitychange", () => current?.watch());
  window.addEventListener("pagehide", () => current?.stop());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) current?.watch();
  });
  void follow();
  void play();
}
