// Arrow keys walk the cells of a matrix: doors of a compound, days of a roster.
interface Step {
  across: number;
  down: number;
}

const STEPS: Record<string, Step> = {
  ArrowLeft: { across: -1, down: 0 },
  ArrowRight: { across: 1, down: 0 },
  ArrowUp: { across: 0, down: -1 },
  ArrowDown: { across: 0, down: 1 },
};
const ASIDE_WEIGHT = 3;
const SAME_PLACE_PX = 4;

function distance(from: DOMRect, to: DOMRect, step: Step): number {
  const x = to.x + to.width / 2 - from.x - from.width / 2;
  const y = to.y + to.height / 2 - from.y - from.height / 2;
  const ahead = x * step.across + y * step.down;
  const aside = Math.abs(x * step.down) + Math.abs(y * step.across);
  return ahead > SAME_PLACE_PX ? ahead + aside * ASIDE_WEIGHT : Number.POSITIVE_INFINITY;
}

function nearest(from: DOMRect, cells: HTMLElement[], step: Step): HTMLElement | undefined {
  const costs = cells.map((cell) => distance(from, cell.getBoundingClientRect(), step));
  const least = Math.min(...costs);
  return Number.isFinite(least) ? cells[costs.indexOf(least)] : undefined;
}

export function startMatrices(): void {
  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const matrix = (event.target as Element).closest<HTMLElement>("[data-matrix]");
    const kind = (event.shiftKey && matrix?.dataset.extends) || matrix?.dataset.matrix || "a";
    const cell = (event.target as Element).closest<HTMLElement>(kind);
    if (!step || !cell || !matrix) return;
    const cells = [...matrix.querySelectorAll<HTMLElement>(kind)];
    const next = nearest(cell.getBoundingClientRect(), cells, step);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
