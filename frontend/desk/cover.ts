// Boxes over what strangers must not see: drawn by mouse or finger, moved by keys; the number fields are the truth.
type Box = [number, number, number, number];

const stage = document.querySelector<HTMLElement>("[data-cover]");
const rows = [...document.querySelectorAll<HTMLElement>("li[data-box]")];
const add = document.querySelector<HTMLButtonElement>("[data-add-box]");
const SMALLEST = 0.5;

const fields = (row: HTMLElement): HTMLInputElement[] => [...row.querySelectorAll<HTMLInputElement>("input")];
const round = (value: number): number => Math.round(value * 10) / 10;
const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** The box of a row, or null while a number is missing. */
function read(row: HTMLElement): Box | null {
  const values = fields(row).map((field) => field.valueAsNumber);
  return values.length === 4 && values.every(Number.isFinite) ? (values as Box) : null;
}

function write(row: HTMLElement, box: Box | null): void {
  fields(row).forEach((field, side) => (field.value = box ? String(round(box[side] ?? 0)) : ""));
  show(row);
}

const free = (): HTMLElement | undefined => rows.find((row) => fields(row).every((field) => !field.value));

/** Inside the picture, never smaller than what the house takes. */
function fit([left, top, width, height]: Box): Box {
  width = between(width, SMALLEST, 100);
  height = between(height, SMALLEST, 100);
  return [between(left, 0, 100 - width), between(top, 0, 100 - height), width, height];
}

function marker(row: HTMLElement): HTMLButtonElement {
  const number = rows.indexOf(row);
  let found = stage?.querySelector<HTMLButtonElement>(`[data-row="${number}"]`);
  if (!found) {
    found = document.createElement("button");
    found.type = "button";
    found.className = "cover-box";
    found.dataset["row"] = String(number);
    found.append(document.createElement("i"));
    found.addEventListener("keydown", (event) => keys(event, row));
    stage?.append(found);
  }
  return found;
}

/** Draw the box of a row where its numbers say, or take it away. */
function show(row: HTMLElement): void {
  const box = read(row);
  const drawn = stage?.querySelector(`[data-row="${rows.indexOf(row)}"]`);
  row.hidden = !box && fields(row).every((field) => !field.value);
  if (add) add.disabled = !free();
  if (!box) return drawn?.remove();
  const [left, top, width, height] = box;
  const found = marker(row);
  Object.assign(found.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
  const spoken = `${stage?.dataset["word"] ?? ""} ${rows.indexOf(row) + 1}: ${round(left)}, ${round(top)}, ${round(width)} × ${round(height)} %`;
  found.setAttribute("aria-label", spoken);
}

/** Arrows move, with shift they size; Delete takes the box away. */
function keys(event: KeyboardEvent, row: HTMLElement): void {
  const box = read(row);
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    write(row, null);
    add?.focus();
  } else if (box && by) {
    event.preventDefault();
    const at = event.shiftKey ? 2 : 0;
    box[at] += by[0] ?? 0;
    box[at + 1] = (box[at + 1] ?? 0) + (by[1] ?? 0);
    write(row, fit(box));
  }
}

/** Where a pointer is, in per cent of the picture. */
function place(event: PointerEvent): [number, number] {
  const area = stage?.getBoundingClientRect();
  if (!area) return [0, 0];
  const x = ((event.clientX - area.left) / area.width) * 100;
  const y = ((event.clientY - area.top) / area.height) * 100;
  return [between(x, 0, 100), between(y, 0, 100)];
}

/** A press on nothing draws, on a box moves it, on its corner sizes it. */
function press(event: PointerEvent): void {
  if (!stage || event.button !== 0) return;
  const target = event.target as HTMLElement;
  const held = target.closest<HTMLElement>(".cover-box");
  const row = held ? rows[Number(held.dataset["row"])] : free();
  if (!row) return;
  event.preventDefault();
  const [x, y] = place(event);
  const start: Box = (held && read(row)) || [x, y, 0, 0];
  const sizing = !held || target.tagName === "I";
  const move = (moved: PointerEvent): void => {
    const [at, down] = place(moved);
    if (!held) write(row, fit([Math.min(x, at), Math.min(y, down), Math.abs(at - x), Math.abs(down - y)]));
    else if (sizing) write(row, fit([start[0], start[1], start[2] + at - x, start[3] + down - y]));
    else write(row, fit([start[0] + at - x, start[1] + down - y, start[2], start[3]]));
  };
  const end = (): void => {
    stage.removeEventListener("pointermove", move);
    const box = read(row);
    // A tap without a stroke draws nothing.
    if (!held && (!box || box[2] < 1 || box[3] < 1)) write(row, null);
    else marker(row).focus();
  };
  stage.setPointerCapture(event.pointerId);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", end, { once: true });
  stage.addEventListener("pointercancel", end, { once: true });
}

if (stage) {
  stage.addEventListener("pointerdown", press);
  add?.addEventListener("click", () => {
    const row = free();
    if (!row) return;
    write(row, [40, 40, 20, 20]);
    marker(row).focus();
  });
  for (const row of rows) {
    row.addEventListener("input", () => show(row));
    row.querySelector("[data-remove-box]")?.addEventListener("click", () => {
      write(row, null);
      add?.focus();
    });
    show(row);
  }
  document.querySelectorAll<HTMLElement>("[data-with-script]").forEach((part) => (part.hidden = false));
}
