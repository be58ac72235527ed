// The map of the house, for every page that shows one: <div class="map" data-…> of components/map.html.
//
//   const map = await openMap(document.querySelector(".map")!);   // null: no WebGL, a sentence stands there instead
//   map.addSource(…); map.addLayer({ …, text-font: LETTERS });
//
// No glyph server, no sprite, no tile is needed; colours come from the tokens of the page (inkOf).
import { AttributionControl, Map as Drawing, NavigationControl, ScaleControl, setWorkerUrl, type LngLatBoundsLike, type MapOptions } from "maplibre-gl";
import { BASE, type BaseMap } from "./_ground";
import { Outlines } from "./_outlines";
import { trueTiles } from "./_shift";
import { baseStyle, inkOf } from "./_style";

export { inkOf, LETTERS } from "./_style";
export type { Ink } from "./_style";
export type OnMap = Drawing;

interface Setting { worker: string; outlines: string; base: BaseMap; words: Record<string, string> }

// So long a server of tiles may be silent.
const PATIENCE = 10_000;
// An answer that fails so soon after another came was asked for while the server was away.
const LATE = 2_000;
const language = (): string => (document.documentElement.lang.startsWith("en") ? "en" : "zh");

/** A provider of tiles may know which house asks (keys are bound to it), not from which page. */
const origin = (url: string): { url: string; referrerPolicy?: ReferrerPolicy } =>
  url.startsWith(location.origin) ? { url } : { url, referrerPolicy: "origin" };

/** Whether this browser can draw maps at all. */
export function canDraw(): boolean {
  const canvas = document.createElement("canvas");
  return canvas.getContext("webgl2") !== null;
}

/** Open the map in this box and look at its area; null when the browser cannot draw it. */
export async function openMap(box: HTMLElement, more: Pick<MapOptions, "hash" | "fitBoundsOptions"> = {}): Promise<Drawing | null> {
  const setting = JSON.parse(box.dataset["map"] ?? "{}") as Setting;
  if (!canDraw()) {
    box.classList.add("cannot");
    return null;
  }
  setWorkerUrl(setting.worker);
  const base = { ...setting.base };
  if (base.shifted) base.layers = base.layers.map((layer, place) => [trueTiles(layer, place)]);
  const map = new Drawing({
    container: box, style: baseStyle(inkOf(box), base, language()), locale: setting.words,
    bounds: bounds(box), fitBoundsOptions: { padding: 24 }, fadeDuration: 0, maxPitch: 0, dragRotate: false,
    pitchWithRotate: false, minZoom: 6, maxZoom: 19,
    attributionControl: false, transformRequest: origin, ...more,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  // On a narrow screen below the scale, else they would lie over each other.
  const corner = matchMedia("(max-width: 640px)").matches ? "bottom-left" : "bottom-right";
  if (base.credit) map.addControl(new AttributionControl({ compact: false, ...alone(base) }), corner);
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-left");
  new Outlines(map, setting.outlines);
  watch(map, box.querySelector<HTMLElement>(".map-away"));
  await map.once("load");
  return map;
}

/** Without tiles no source brings the words of the map; its number of approval is shown all the same. */
const alone = (base: BaseMap): { customAttribution?: string } => (base.layers.length ? {} : { customAttribution: base.credit });

/** Say when tiles of the base map fail or do not come, until they come. */
function watch(map: Drawing, said: HTMLElement | null): void {
  if (!said) return;
  const bases = (): string[] => Object.keys(map.getStyle().sources).filter((one) => one.startsWith(BASE));
  let came = -LATE;
  map.on("error", (event) => {
    const from = (event as { sourceId?: string }).sourceId ?? "";
    if (!from.startsWith(BASE)) console.error(event.error);
    else if (performance.now() - came > LATE) said.hidden = false;
  });
  map.on("sourcedata", (event) => {
    if (!event.sourceId.startsWith(BASE) || event.tile?.state !== "loaded") return;
    came = performance.now();
    said.hidden = true;
  });
  window.setTimeout(() => { if (bases().some((one) => !map.isSourceLoaded(one))) said.hidden = false; }, PATIENCE);
}

/** "west,south,east,north" of the box, or the whole of China. */
function bounds(box: HTMLElement): LngLatBoundsLike {
  const given = (box.dataset["bounds"] ?? "").split(",").map(Number);
  return given.length === 4 && given.every(Number.isFinite) ? (given as [number, number, number, number]) : [73, 18, 135, 54];
}
