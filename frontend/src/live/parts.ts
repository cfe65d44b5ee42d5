// Asks the server for some parts of the page anew, with the tree opened as it is here.
export async function askParts(desk: HTMLElement, parts: string[], at = ""): Promise<Document | undefined> {
  const query = new URLSearchParams(parts.map((part) => ["part", part]));
  if (at) query.set("at", at);
  for (const toggle of desk.querySelectorAll<HTMLElement>("#live-tree li[data-open] > .row > .toggle")) {
    const code = toggle.dataset.children?.match(/\/tree\/([^?]+)/)?.[1];
    if (code) query.append("open", decodeURIComponent(code));
  }
  const answer = await fetch(`${desk.dataset.parts}?${query}`, { redirect: "error" }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
