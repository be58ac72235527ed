// Matters on the map: points where they are few, cells with their number where they are many, both from the server.
import type * as GeoJSON from "geojson";
import type { GeoJSONSource } from "maplibre-gl";
import { inkOf, LETTERS, type Ink, type OnMap } from "./_base";
import { addSigns } from "./_signs";

export type Point = [number: string, lon: number, lat: number, group: string, clock: string, level: number];
type Cell = [lon: number, lat: number, all: number, late: number, soon: number];
export interface Shown { points: Point[]; cells: Cell[]; more: boolean }
type Features = { type: "FeatureCollection"; features: GeoJSON.Feature[] };

export const EMPTY: Features = { type: "FeatureCollection", features: [] };
// What lies so near on the screen can hardly be told apart by a finger.
const REACH = 9;
const held = new Map<string, Point>();

const at = (lon: number, lat: number, properties: Record<string, unknown>): GeoJSON.Feature => ({
  type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] },
});

export const source = (map: OnMap, name: string): GeoJSONSource => map.getSource(name) as GeoJSONSource;

/** The layers of the matters, above everything else. */
export function addMatters(map: OnMap): void {
  const ink = inkOf(map.getContainer());
  addSigns(map, ink);
  for (const name of ["reach", "cells", "matters", "chosen", "seats", "things"]) map.addSource(name, { type: "geojson", data: EMPTY });
  addReach(map, ink);
  map.addLayer({
    id: "seats", type: "symbol", source: "seats", layout: {
      visibility: "none", "icon-image": "unit-seat", "icon-allow-overlap": true, "text-field": ["step", ["zoom"], "", 13, ["get", "name"]],
      "text-font": LETTERS, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.9], "text-optional": true,
    },
    paint: { "text-color": ink("ink-2"), "text-halo-color": ink("paper"), "text-halo-width": 1.5, "icon-opacity": ["case", ["get", "exact"], 1, 0.55] },
  });
  map.addLayer({
    id: "things", type: "circle", source: "things",
    paint: { "circle-radius": 5, "circle-color": ink("done-wash"), "circle-stroke-color": ink("done"), "circle-stroke-width": 2 },
  });
  map.addLayer({
    id: "thing-names", type: "symbol", source: "things", minzoom: 14,
    layout: { "text-field": ["get", "name"], "text-font": LETTERS, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.6] },
    paint: { "text-color": ink("done"), "text-halo-color": ink("paper"), "text-halo-width": 1.5 },
  });
  addCells(map, ink);
  map.addLayer({
    id: "chosen", type: "circle", source: "chosen",
    paint: { "circle-radius": 18, "circle-color": ink("accent"), "circle-opacity": 0.18, "circle-stroke-color": ink("accent"), "circle-stroke-width": 2 },
  });
  map.addLayer({
    id: "matters", type: "symbol", source: "matters", layout: {
      "icon-image": ["concat", ["get", "group"], "-", ["get", "clock"]], "icon-allow-overlap": true,
      "icon-size": ["case", ["<=", ["get", "level"], 2], 1.25, 1],
      "symbol-sort-key": ["match", ["get", "clock"], "late", 3, "soon", 2, 1],
      "text-field": ["case", [">", ["get", "stack"], 1], ["to-string", ["get", "stack"]], ""],
      "text-font": LETTERS, "text-size": 12, "text-offset": [0, 1.2], "text-allow-overlap": true,
    },
    paint: { "text-color": ink("ink"), "text-halo-color": ink("paper"), "text-halo-width": 2 },
  });
}

function addReach(map: OnMap, ink: Ink): void {
  map.addLayer({
    id: "reach", type: "fill", source: "reach", filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": ink("accent"), "fill-opacity": 0.08 },
  });
  map.addLayer({
    id: "reach-line", type: "line", source: "reach",
    paint: { "line-color": ink("accent"), "line-width": 2, "line-dasharray": [2, 1.5] },
  });
  map.addLayer({
    id: "reach-dots", type: "circle", source: "reach", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": 4, "circle-color": ink("paper"), "circle-stroke-color": ink("accent"), "circle-stroke-width": 2 },
  });
}

function addCells(map: OnMap, ink: Ink): void {
  map.addLayer({
    id: "cells", type: "circle", source: "cells", paint: {
      "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "all"]], 1, 14, 10, 22, 60, 40],
      "circle-color": ink("paper"), "circle-opacity": 0.92, "circle-stroke-width": 2.5,
      "circle-stroke-color": ["case", [">", ["get", "late"], 0], ink("late"), ink("accent")],
    },
  });
  map.addLayer({
    id: "cell-numbers", type: "symbol", source: "cells", layout: {
      "text-field": ["format", ["to-string", ["get", "all"]], {}, ["case", [">", ["get", "late"], 0], ["concat", "\n! ", ["to-string", ["get", "late"]]], ""], { "text-color": ink("late"), "font-scale": 0.85 }],
      "text-font": LETTERS, "text-size": 14, "text-allow-overlap": true, "text-line-height": 1.1,
    },
    paint: { "text-color": ink("ink") },
  });
}

/** Put what the server gave on the map. */
export function draw(map: OnMap, shown: Shown): void {
  held.clear();
  for (const point of shown.points) held.set(point[0], point);
  redraw(map);
  const cells = shown.cells.map(([lon, lat, all, late, soon]) => at(lon, lat, { all, late, soon }));
  source(map, "cells").setData({ ...EMPTY, features: cells });
}

/** One matter that has just moved: put it where it is now, or take it away. */
export function put(map: OnMap, number: string, point: Point | null): void {
  if (point) held.set(number, point);
  else if (!held.delete(number)) return;
  redraw(map);
}

export const has = (number: string): boolean => held.has(number);

/** Matters at the very same place carry their number; whichever is chosen, all are offered. */
function redraw(map: OnMap): void {
  const stacks = new Map<string, number>();
  const place = (point: Point): string => `${point[1].toFixed(5)},${point[2].toFixed(5)}`;
  for (const point of held.values()) stacks.set(place(point), (stacks.get(place(point)) ?? 0) + 1);
  const features = [...held.values()].map((point) => {
    const [number, lon, lat, group, clock, level] = point;
    return at(lon, lat, { number, group, clock, level, stack: stacks.get(place(point)) });
  });
  source(map, "matters").setData({ ...EMPTY, features });
  map.getContainer().dataset["matters"] = String(held.size);
}

/** The matters under a finger, nearest first. */
export function under(map: OnMap, x: number, y: number): string[] {
  const far = (point: Point): number => {
    const on = map.project([point[1], point[2]]);
    return Math.hypot(on.x - x, on.y - y);
  };
  const near = [...held.values()].filter((point) => far(point) <= REACH * 1.6).sort((one, other) => far(one) - far(other));
  return near.map((point) => point[0]);
}

export function mark(map: OnMap, place: [number, number] | null): void {
  source(map, "chosen").setData({ ...EMPTY, features: place ? [at(place[0], place[1], {})] : [] });
}
