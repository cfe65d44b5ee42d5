// While a plan is solved: how long it has taken, of the time that the form allows it.
const TICK_MS = 250;

function count(form: HTMLFormElement): void {
  const bar = form.querySelector<HTMLProgressElement>("progress");
  const words = form.querySelector<HTMLElement>("[data-elapsed]");
  const limit = Number(form.querySelector<HTMLInputElement>("[name=time_limit_s]")?.value);
  if (!bar || !limit) return;
  const from = performance.now();
  bar.max = limit;
  const timer = window.setInterval(() => {
    if (!form.isConnected) {
      window.clearInterval(timer);
      return;
    }
    const elapsed = (performance.now() - from) / 1000;
    // Reading and checking come on top of the solver's own time; past the limit nobody knows how long.
    if (elapsed < limit) bar.value = elapsed;
    else bar.removeAttribute("value");
    if (words) words.textContent = `${Math.floor(elapsed)} s / ${limit} s`;
  }, TICK_MS);
}

export function startBusy(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.matches(".plan-form")) count(form);
  });
}
