// The map is drawn by the server and works as it stands; this adds a closer look: wheel, drag, keys, a tip.
interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

const CLOSEST = 24;
const STEP = 1.4;
const NAMES_FROM = 2.5;
const DRAG_FROM_PX = 4;

function readView(svg: SVGSVGElement): View {
  const { x, y, width, height } = svg.viewBox.baseVal;
  return { x, y, width, height };
}

class MapView {
  private readonly whole: View;
  private view: View;
  private dragged = false;

  constructor(
    private readonly frame: HTMLElement,
    private readonly svg: SVGSVGElement,
  ) {
    this.whole = readView(svg);
    this.view = { ...this.whole };
    frame.querySelector<HTMLElement>(".map-tools")?.removeAttribute("hidden");
    frame.addEventListener("click", (event) => this.click(event), true);
    frame.addEventListener("muster:renewed", () => this.show());
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.drag(event));
    svg.addEventListener("pointermove", (event) => this.tip(event));
    svg.addEventListener("pointerleave", () => this.hideTip());
    svg.addEventListener("focusin", (event) => this.tipAt(event.target as Element));
  }

  private show(): void {
    const { x, y, width, height } = this.view;
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    const nearness = this.whole.width / width;
    this.svg.classList.toggle("is-near", nearness > NAMES_FROM);
    for (const fixed of this.svg.querySelectorAll<SVGGElement>("[data-at]")) {
      fixed.setAttribute("transform", `translate(${fixed.dataset.at}) scale(${1 / nearness})`);
    }
  }

  private zoom(by: number, atX: number, atY: number): void {
    const width = Math.min(this.whole.width, Math.max(this.whole.width / CLOSEST, this.view.width / by));
    const ratio = width / this.view.width;
    this.view = this.bounded({
      x: atX - (atX - this.view.x) * ratio,
      y: atY - (atY - this.view.y) * ratio,
      width,
      height: this.view.height * ratio,
    });
    this.show();
  }

  private bounded(view: View): View {
    const x = Math.min(Math.max(view.x, this.whole.x), this.whole.x + this.whole.width - view.width);
    const y = Math.min(Math.max(view.y, this.whole.y), this.whole.y + this.whole.height - view.height);
    return { ...view, x, y };
  }

  private place(event: MouseEvent): DOMPoint {
    const matrix = this.svg.getScreenCTM();
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix?.inverse() ?? new DOMMatrix());
  }

  private wheel(event: WheelEvent): void {
    // A bare wheel scrolls the page; with Ctrl (and a pinch, which browsers report so) it looks closer.
    if (!event.ctrlKey) return;
    event.preventDefault();
    const at = this.place(event);
    this.zoom(event.deltaY < 0 ? STEP : 1 / STEP, at.x, at.y);
  }

  private drag(start: PointerEvent): void {
    const from = { ...this.view };
    const perPixel = 1 / (this.svg.getScreenCTM()?.a ?? 1);
    this.dragged = false;
    const move = (event: PointerEvent): void => {
      const x = event.clientX - start.clientX;
      const y = event.clientY - start.clientY;
      if (Math.hypot(x, y) < DRAG_FROM_PX) return;
      this.dragged = true;
      this.view = this.bounded({ ...from, x: from.x - x * perPixel, y: from.y - y * perPixel });
      this.show();
    };
    const stop = (): void => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", stop);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
  }

  private click(event: MouseEvent): void {
    const tool = (event.target as Element).closest<HTMLElement>("[data-zoom]")?.dataset.zoom;
    if (tool) {
      const { x, y, width, height } = this.view;
      this.zoom({ in: STEP, out: 1 / STEP }[tool] ?? 1 / CLOSEST, x + width / 2, y + height / 2);
      return;
    }
    if (!this.dragged) return;
    this.dragged = false;
    event.preventDefault();
    event.stopPropagation();
  }

  private tip(event: PointerEvent): void {
    this.tipAt(event.target as Element, event);
  }

  private tipAt(target: Element, event?: PointerEvent): void {
    const tip = this.frame.querySelector<HTMLElement>(".map-tip");
    const words = target.closest<SVGElement>("[data-tip]")?.dataset.tip;
    if (!tip) return;
    tip.hidden = !words;
    if (!words) return;
    tip.textContent = words;
    const frame = this.frame.getBoundingClientRect();
    const box = target.getBoundingClientRect();
    const x = (event?.clientX ?? box.right) - frame.left + 14;
    const y = (event?.clientY ?? box.top) - frame.top + 14;
    tip.style.left = `${Math.min(x, frame.width - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(y, frame.height - tip.offsetHeight - 8)}px`;
  }

  private hideTip(): void {
    const tip = this.frame.querySelector<HTMLElement>(".map-tip");
    if (tip) tip.hidden = true;
  }
}

export function startMaps(root: Node): void {
  if (!(root instanceof Element)) return;
  for (const frame of root.querySelectorAll<HTMLElement>(".map")) {
    const svg = frame.querySelector<SVGSVGElement>("svg[data-map]");
    if (svg && !frame.dataset.alive) {
      frame.dataset.alive = "yes";
      new MapView(frame, svg);
    }
  }
}
