// The signs of matters: the group of states is a shape, the clock a colour with a mark of its own.
import type { Ink, OnMap } from "./_base";

export const GROUPS = ["centre", "unit", "paused", "check", "ended"] as const;
export const CLOCKS = ["run", "soon", "late"] as const;
const SIZE = 26;
const SCALE = 2;
const INKS: Record<(typeof CLOCKS)[number], string> = { run: "accent", soon: "soon-bar", late: "late" };

/** Give the map one picture for each group and clock, named "group-clock". */
export function addSigns(map: OnMap, ink: Ink): void {
  for (const group of GROUPS) {
    for (const clock of CLOCKS) {
      const colour = group === "ended" ? ink("done") : group === "paused" && clock === "run" ? ink("paused") : ink(INKS[clock]);
      map.addImage(`${group}-${clock}`, drawn(group, clock, colour, ink("paper")), { pixelRatio: SCALE });
    }
  }
  map.addImage("unit-seat", seat(ink("ink"), ink("paper")), { pixelRatio: SCALE });
}

function canvas(): CanvasRenderingContext2D {
  const made = document.createElement("canvas");
  made.width = made.height = SIZE * SCALE;
  const pen = made.getContext("2d")!;
  pen.scale(SCALE, SCALE);
  pen.lineCap = pen.lineJoin = "round";
  return pen;
}

const picture = (pen: CanvasRenderingContext2D): ImageData => pen.getImageData(0, 0, SIZE * SCALE, SIZE * SCALE);

function drawn(group: string, clock: string, colour: string, paper: string): ImageData {
  const pen = canvas();
  const middle = SIZE / 2;
  outline(pen, group, middle);
  pen.lineWidth = 5;
  pen.strokeStyle = paper;
  pen.stroke();
  pen.fillStyle = clock === "late" ? colour : paper;
  pen.fill();
  pen.lineWidth = 2.4;
  pen.strokeStyle = colour;
  pen.stroke();
  inner(pen, group, middle, clock === "late" ? paper : colour);
  if (clock !== "run") flag(pen, clock, colour, paper);
  return picture(pen);
}

/** A round for the centre, a square for a unit, a diamond where it waits, a hexagon where it is checked. */
function outline(pen: CanvasRenderingContext2D, group: string, at: number): void {
  pen.beginPath();
  if (group === "unit") pen.rect(at - 7, at - 7, 14, 14);
  else if (group === "paused") corners(pen, at, 10, 4, 0);
  else if (group === "check") corners(pen, at, 9, 6, Math.PI / 6);
  else pen.arc(at, at, 8, 0, 2 * Math.PI);
  pen.closePath();
}

function corners(pen: CanvasRenderingContext2D, at: number, far: number, count: number, turn: number): void {
  for (let n = 0; n < count; n++) {
    const angle = turn + (2 * Math.PI * n) / count;
    pen.lineTo(at + far * Math.cos(angle), at + far * Math.sin(angle));
  }
}

function inner(pen: CanvasRenderingContext2D, group: string, at: number, colour: string): void {
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  if (group === "ended" || group === "check") {
    pen.moveTo(at - 3.5, at + 0.3);
    pen.lineTo(at - 1, at + 2.8);
    pen.lineTo(at + 3.6, at - 2.6);
    pen.stroke();
  } else if (group === "paused") {
    pen.moveTo(at - 2, at - 3);
    pen.lineTo(at - 2, at + 3);
    pen.moveTo(at + 2, at - 3);
    pen.lineTo(at + 2, at + 3);
    pen.stroke();
  } else {
    pen.arc(at, at, 2.4, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Overdue has an exclamation mark at its corner, due today an open dot: neither is told by colour alone. */
function flag(pen: CanvasRenderingContext2D, clock: string, colour: string, paper: string): void {
  pen.beginPath();
  pen.arc(SIZE - 6, 6, 5, 0, 2 * Math.PI);
  pen.fillStyle = paper;
  pen.fill();
  pen.lineWidth = 1.6;
  pen.strokeStyle = colour;
  pen.stroke();
  if (clock !== "late") return;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(SIZE - 6, 3.4);
  pen.lineTo(SIZE - 6, 6.2);
  pen.moveTo(SIZE - 6, 8.6);
  pen.lineTo(SIZE - 6, 8.7);
  pen.stroke();
}

function seat(colour: string, paper: string): ImageData {
  const pen = canvas();
  pen.beginPath();
  pen.moveTo(6, 21);
  pen.lineTo(6, 11);
  pen.lineTo(13, 5);
  pen.lineTo(20, 11);
  pen.lineTo(20, 21);
  pen.closePath();
  pen.lineWidth = 4;
  pen.strokeStyle = paper;
  pen.stroke();
  pen.fillStyle = paper;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = colour;
  pen.stroke();
  pen.beginPath();
  pen.rect(11, 15, 4, 6);
  pen.fillStyle = colour;
  pen.fill();
  return picture(pen);
}
