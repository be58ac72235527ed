// The base map under the areas: pictures of others or of our own archive, or vector tiles drawn calmly in our colours.
//
// What of vector tiles plays which role is said by the server (gazetteer/rules/ground.py), how it looks here.
import type {
  ExpressionSpecification, LayerSpecification, RasterSourceSpecification, StyleSpecification, VectorSourceSpecification,
} from "maplibre-gl";
import { LETTERS, type Ink } from "./_style";

type Box = [number, number, number, number];
type Role = "green" | "water" | "stream" | "house" | "rail" | "minor" | "main" | "express" | "name";
type Rule = [role: Role, layer: string, field: string, words: string[]];

/** Layers of tiles from below to above, each at one address or several; none: the areas alone. */
export interface BaseMap {
  layers: string[][]; zooms: [number, number]; box: Box | null; rules: Rule[]; shifted: boolean; credit: string;
}
export const BASE = "base-";

const FILLS: Partial<Record<Role, string>> = { green: "m-green", water: "m-water", house: "m-house" };
const STREETS: Role[] = ["minor", "main", "express"];
// Widths at zoom 8, 13 and 18, and from which zoom on a role is drawn.
const LINES: Partial<Record<Role, { ink: string; wide: [number, number, number]; from: number }>> = {
  stream: { ink: "m-water-edge", wide: [0.4, 1.2, 4], from: 8 },
  rail: { ink: "m-road-edge", wide: [0.4, 1, 2.5], from: 9 },
  minor: { ink: "m-road", wide: [0, 1.2, 12], from: 12 },
  main: { ink: "m-road", wide: [0.6, 2.6, 20], from: 7 },
  express: { ink: "m-road", wide: [0.9, 3.6, 24], from: 4 },
};

/** Put the base map's sources and layers above the ground, below the areas. */
export function addGround(style: StyleSpecification, base: BaseMap, ink: Ink, language: string): void {
  base.layers.forEach((tiles, place) => {
    style.sources[`${BASE}${place}`] = sourceOf(tiles, base, place === 0);
    if (base.rules.length === 0) style.layers.push(picture(`${BASE}${place}`));
  });
  if (base.rules.length > 0) style.layers.push(...drawn(base.rules, ink, language));
}

function sourceOf(tiles: string[], base: BaseMap, first: boolean): RasterSourceSpecification | VectorSourceSpecification {
  const addresses = tiles.map((one) => (one.startsWith("/") ? location.origin + one : one));
  const [minzoom, maxzoom] = base.zooms;
  const covers = base.box ? { bounds: base.box } : {};
  const said = first && base.credit ? { attribution: base.credit } : {};
  return base.rules.length > 0
    ? { type: "vector", tiles: addresses, minzoom, maxzoom, ...covers, ...said }
    : { type: "raster", tiles: addresses, tileSize: 256, minzoom, maxzoom, ...covers, ...said };
}

/** Fainter than it came: signs and names of the areas stand above it. */
const picture = (source: string): LayerSpecification => ({
  id: source, type: "raster", source,
  paint: { "raster-fade-duration": 0, "raster-saturation": -0.25, "raster-brightness-min": 0.12 },
});

function drawn(rules: Rule[], ink: Ink, language: string): LayerSpecification[] {
  const fills = rules.flatMap((rule, n) => (FILLS[rule[0]] ? [fill(rule, n, ink)] : []));
  const others = rules.flatMap((rule, n) => (LINES[rule[0]] && !STREETS.includes(rule[0]) ? [line(rule, n, ink)] : []));
  const streets = rules.map((rule, n): [Rule, number] => [rule, n]).filter(([rule]) => STREETS.includes(rule[0]));
  const edges = streets.map(([rule, n]) => line(rule, n, ink, "m-road-edge"));
  const names = rules.flatMap((rule, n) => (rule[0] === "name" ? [name(rule, n, ink, language)] : []));
  return [...fills, ...others, ...edges, ...streets.map(([rule, n]) => line(rule, n, ink)), ...names];
}

function only([, , field, words]: Rule, shape: "Polygon" | "LineString"): ExpressionSpecification {
  const right: ExpressionSpecification = ["==", ["geometry-type"], shape];
  return words.length ? ["all", right, ["in", ["get", field], ["literal", words]]] : right;
}

function fill(rule: Rule, place: number, ink: Ink): LayerSpecification {
  const [role, layer] = rule;
  return {
    id: `${BASE}${role}-${place}`, type: "fill", source: `${BASE}0`, "source-layer": layer, filter: only(rule, "Polygon"),
    minzoom: role === "house" ? 14 : 0, paint: { "fill-color": ink(FILLS[role] ?? ""), "fill-antialias": role === "house" },
  };
}

function line(rule: Rule, place: number, ink: Ink, edge = ""): LayerSpecification {
  const [role, layer] = rule;
  const { ink: own, wide, from } = LINES[role]!;
  const [far, near, close] = wide.map((one) => (edge && one ? one + 1.2 : one)) as [number, number, number];
  return {
    id: `${BASE}${role}-${place}${edge && "-edge"}`, type: "line", source: `${BASE}0`, "source-layer": layer, minzoom: from,
    filter: only(rule, "LineString"), layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": ink(edge || own),
      "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 8, far, 13, near, 18, close],
    },
  };
}

/** Names of streets along them, from the reader's own fonts. */
function name([, layer]: Rule, place: number, ink: Ink, language: string): LayerSpecification {
  const fields = language === "en" ? ["name:en", "name_en", "name:latin", "name"] : ["name:zh", "name:zh-Hans", "name"];
  return {
    id: `${BASE}name-${place}`, type: "symbol", source: `${BASE}0`, "source-layer": layer, minzoom: 14,
    filter: ["==", ["geometry-type"], "LineString"],
    layout: {
      "symbol-placement": "line", "text-field": ["coalesce", ...fields.map((one): ExpressionSpecification => ["get", one])],
      "text-font": LETTERS, "text-size": 12, "text-padding": 8, "symbol-spacing": 320,
    },
    paint: { "text-color": ink("m-label"), "text-halo-color": ink("m-road"), "text-halo-width": 1.5 },
  };
}
