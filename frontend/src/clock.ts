// The exercise clock runs on from the moment the server said, at real speed.
const TICK_MS = 5000;

function show(badge: HTMLElement): void {
  const said = badge.dataset.now;
  if (!said) return;
  badge.dataset.readAt ??= String(performance.now());
  const ran = performance.now() - Number(badge.dataset.readAt);
  const moment = new Date(Date.parse(said) + ran);
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const zone = badge.dataset.zone ?? "UTC";
  const day = new Intl.DateTimeFormat(language, { timeZone: zone, month: "short", day: "numeric" });
  const weekday = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short" });
  const time = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  badge.textContent = `${day.format(moment)} ${weekday.format(moment)} ${time.format(moment)}`;
}

export function startClock(): void {
  window.setInterval(() => {
    for (const badge of document.querySelectorAll<HTMLElement>("[data-now]")) show(badge);
  }, TICK_MS);
}
