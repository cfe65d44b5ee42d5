// A part of the page becomes what the server says now: what is the same stays, with its focus, its place and its
// handlers; what is not is marked once, quietly.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

const MARKED_MS = 2000;
/** What the page itself does to a part, and the server knows nothing of. */
const OWN: [string, string[]][] = [
  ["svg[data-map]", ["viewBox", "class"]],
  [".map", ["data-alive"]],
  [".map-tools, .map-tip", ["hidden"]],
];
const SILENT = "[data-quiet], .now, .map-tip, [hidden]";
const SILENT_ATTRIBUTES = new Set([
  "transform",
  "x",
  "x1",
  "x2",
  "data-tip",
  "aria-label",
  "datetime",
  "aria-expanded",
]);
const MARKED = "li .row, tr, li, .gaps-link, g[data-at], svg.lane a, svg.lane text, .map a, .posts header p";

function isOwn(name: string, node: Element): boolean {
  return OWN.some(([selector, names]) => names.includes(name) && node.matches(selector));
}

/** Find what a person would see changed by a record: a line, a mark, a word of a drawing. */
function findMarked(record: MutationRecord): Element | undefined {
  if (SILENT_ATTRIBUTES.has(record.attributeName ?? "")) return undefined;
  const node = record.addedNodes[0] ?? record.target;
  const element = node instanceof Element ? node : node.parentElement;
  const isSeen = element?.isConnected && !element.closest(SILENT);
  return (isSeen && element.closest(MARKED)) || undefined;
}

function findChanged(records: MutationRecord[]): Set<Element> {
  return new Set(records.map(findMarked).filter((element) => element !== undefined));
}

function mark(changed: Set<Element>): void {
  for (const element of changed) {
    element.classList.add("is-changed");
    window.setTimeout(() => element.classList.remove("is-changed"), MARKED_MS);
  }
}

/** Branches of the tree that somebody shut stay shut, though the server thinks them open. */
function listShut(part: Element): string[] {
  return [...part.querySelectorAll("li:not([data-open]) > ul")].map(
    (branch) => branch.parentElement?.querySelector("a")?.getAttribute("href") ?? "",
  );
}

function shut(part: Element, addresses: string[]): void {
  for (const address of addresses) {
    const item = part.querySelector(`.row > a[href="${CSS.escape(address)}"]`)?.closest("li");
    item?.removeAttribute("data-open");
    item?.querySelector(":scope > .row > .toggle")?.setAttribute("aria-expanded", "false");
    item?.querySelector<HTMLElement>(":scope > ul")?.setAttribute("hidden", "");
  }
}

/** Make a part into what it is to be; tell whether anything about it was different. */
export function renewPart(part: Element, wanted: Element, { isMarked = true } = {}): boolean {
  const closed = listShut(part);
  const observer = new MutationObserver(() => undefined);
  const options = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(part, options);
  Idiomorph.morph(part, wanted, {
    morphStyle: "outerHTML",
    callbacks: { beforeAttributeUpdated: (name: string, node: Element) => !isOwn(name, node) },
  });
  const changed = findChanged(observer.takeRecords());
  observer.disconnect();
  shut(part, closed);
  if (isMarked) mark(changed);
  htmx.process(part);
  part.dispatchEvent(new CustomEvent("muster:renewed"));
  return changed.size > 0;
}
