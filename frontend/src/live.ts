// A page that says what it follows is kept true while it is open. What follows is only loaded where something is.
import type { Follower } from "./live/follow";

let current: Follower | undefined;

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
  document.addEventListener("htmx:afterSettle", () => void follow());
  document.addEventListener("visibilitychange", () => current?.watch());
  window.addEventListener("pagehide", () => current?.stop());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) current?.watch();
  });
  void follow();
}
