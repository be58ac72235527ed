// How the base of every map of the house looks: areas, their names, and below them a base map where one is set.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { addGround, type BaseMap } from "./_ground";

export const LEVELS = ["county", "town", "village", "grid"] as const;
export type Level = (typeof LEVELS)[number];

/** The zooms at which a level's sheet gives the lines, and those at which its names are shown. */
const DRAWN: Record<Level, { lines: [number, number]; names: [number, number]; size: number }> = {
  county: { lines: [0, 8], names: [6, 10], size: 15 },
  town: { lines: [8, 11], names: [9, 12.5], size: 15 },
  village: { lines: [11, 12.5], names: [12, 14.5], size: 13 },
  grid: { lines: [12.5, 24], names: [14, 24], size: 12 },
};
/** The zooms at which sheets of single towns are asked for: a little before they are seen. */
export const ASKED: Record<"village" | "grid", [number, number]> = { village: [10.8, 14.5], grid: [12.3, 24] };
/** How broad and how strong a line is, by the highest level that it parts. */
const BROAD: ExpressionSpecification = ["match", ["get", "l"], "county", 2, "town", 1.6, "village", 1, 0.8];
const STRONG: ExpressionSpecification = ["match", ["get", "l"], "county", 0.9, "town", 0.8, "village", 0.55, 0.4];
// Drawn from the reader's own fonts: no glyph server.
export const LETTERS = ["PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "sans-serif"];

export type Ink = (token: string) => string;

/** Read a colour of the house from where the map stands. */
export function inkOf(box: HTMLElement): Ink {
  const style = getComputedStyle(box);
  return (token) => style.getPropertyValue(`--${token}`).trim() || "#888";
}

export function baseStyle(ink: Ink, base: BaseMap, language: string): StyleSpecification {
  const style: StyleSpecification = {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": ink("m-block") } }],
  };
  for (const level of LEVELS) {
    style.sources[level] = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  }
  // Under the base map too: where it has nothing, or cannot be reached, the map looks as without one.
  style.layers.push(land(ink));
  addGround(style, base, ink, language);
  for (const level of [...LEVELS].reverse()) style.layers.push(line(level, ink));
  for (const level of LEVELS) style.layers.push(names(level, ink, language));
  return style;
}

const land = (ink: Ink): LayerSpecification => ({
  id: "land", type: "fill", source: "county", filter: ["!=", ["geometry-type"], "Point"],
  paint: { "fill-color": ink("m-land") },
});

/** At each zoom one sheet draws the lines of every level: they lie on each other. */
function line(level: Level, ink: Ink): LayerSpecification {
  const [from, until] = DRAWN[level].lines;
  return {
    id: `${level}-line`, type: "line", source: level, minzoom: from, maxzoom: until, filter: ["!=", ["geometry-type"], "Point"],
    layout: { "line-join": "round" },
    paint: { "line-color": ink("m-grid"), "line-width": BROAD, "line-opacity": STRONG },
  };
}

function names(level: Level, ink: Ink, language: string): LayerSpecification {
  const drawn = DRAWN[level];
  return {
    id: `${level}-names`, type: "symbol", source: level, minzoom: drawn.names[0], maxzoom: drawn.names[1],
    filter: ["==", ["geometry-type"], "Point"],
    layout: {
      "text-field": ["get", language === "en" ? "en" : "zh"], "text-font": LETTERS, "text-size": drawn.size,
      // Beside what stands on its place, rather than not at all.
      "text-variable-anchor": ["center", "top", "bottom"], "text-radial-offset": 1.3,
      "text-max-width": 9, "text-padding": 6,
    },
    paint: { "text-color": ink("m-label"), "text-halo-color": ink("m-land"), "text-halo-width": 1.5 },
  };
}
