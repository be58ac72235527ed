// Heat and change: the hexagons of one period against the one before; the slider walks through the periods.
import type { GeoJSONSource } from "maplibre-gl";
import { LETTERS, openMap, type OnMap } from "./_base";

type Ring = [number, number][];
type Cell = [key: string, ring: Ring, now: number, before: number, change: string, name: string];
interface Told { cells: Cell[]; table: string; label: string; file: string }

const EACH = 1_600;
const CHANGES = ["much_less", "less", "same", "more", "much_more"] as const;
const by = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const main = by("main");
const wish = by<HTMLFormElement>("wish");
const time = by<HTMLInputElement>("time");
const play = by<HTMLButtonElement>("play");
const field = (name: string): HTMLInputElement | HTMLSelectElement => wish.elements.namedItem(name) as HTMLInputElement;
const labels = JSON.parse(by("slider").dataset["periods"] ?? "{}") as Record<string, string[]>;
const colour = (name: string): string => getComputedStyle(main).getPropertyValue(`--h-${name}`).trim();
let map: OnMap | null = null;
let sort = "now";
let asked = 0;
let playing = 0;
let ahead: Promise<unknown> = Promise.resolve();

const query = (): URLSearchParams => {
  const said = new URLSearchParams(new FormData(wish) as unknown as Record<string, string>);
  said.set("sort", sort);
  return said;
};

/** Ask for what the form says and draw it; an answer that was overtaken by another question is left. */
async function refresh(): Promise<void> {
  const number = ++asked;
  history.replaceState(null, "", `?${query()}`);
  main.setAttribute("aria-busy", "true");
  const answer = await fetch(`${main.dataset["heat"]}?${query()}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (number !== asked) return;
  main.removeAttribute("aria-busy");
  // Signed out or away: the page itself says so.
  if (!answer?.ok) return wish.requestSubmit();
  const told = (await answer.json()) as Told;
  if (number !== asked) return;
  by("table").innerHTML = told.table;
  by("period").textContent = told.label;
  time.setAttribute("aria-valuetext", told.label);
  draw(told.cells);
}

function draw(cells: Cell[]): void {
  const inks = Object.fromEntries(CHANGES.map((one) => [one, colour(one)]));
  const source = map?.getSource("heat") as GeoJSONSource | undefined;
  source?.setData({
    type: "FeatureCollection",
    features: cells.map(([key, ring, now, before, change, name]) => ({
      type: "Feature", properties: { key, now, ink: inks[change] ?? "", name, told: `${now}\n${now > before ? "+" : ""}${now - before}` },
      geometry: { type: "Polygon", coordinates: [ring] },
    })),
  });
  if (map && !map.getContainer().dataset["bounds"] && cells.length > 0) frame(map, cells);
  most = Math.max(1, ...cells.map((one) => one[2]));
  paint();
}

let most = 1;

/** Where the area itself has no place, the first hexagons say where to look. */
function frame(map: OnMap, cells: Cell[]): void {
  const corners = cells.flatMap((one) => one[1]);
  const [east, north] = [corners.map((one) => one[0]), corners.map((one) => one[1])];
  map.getContainer().dataset["bounds"] = "found";
  map.fitBounds([Math.min(...east), Math.min(...north), Math.max(...east), Math.max(...north)], { padding: 24, animate: false });
}

/** The colours say the change, or how many. */
function paint(): void {
  const change = document.querySelector<HTMLInputElement>("[name=show]:checked")?.value !== "number";
  by("legend-change").hidden = !change;
  by("legend-number").hidden = change;
  if (!map?.getLayer("heat")) return;
  map.setPaintProperty("heat", "fill-color", change ? ["get", "ink"] : colour("number"));
  map.setPaintProperty("heat", "fill-opacity", change ? 0.75 : ["interpolate", ["linear"], ["get", "now"], 0, 0.06, most, 0.85]);
}

/** From which zoom on hexagons are smaller. */
const sizeAt = (zoom: number): string => (zoom < 9 ? "6" : zoom < 11.5 ? "7" : "8");

async function start(): Promise<void> {
  map = await openMap(document.querySelector<HTMLElement>(".map")!);
  if (!map) return;
  const empty = { type: "FeatureCollection" as const, features: [] };
  map.addSource("heat", { type: "geojson", data: empty });
  map.addLayer({ id: "heat", type: "fill", source: "heat", paint: { "fill-opacity": 0.75 } });
  map.addLayer({ id: "heat-line", type: "line", source: "heat", paint: { "line-color": "#46535A", "line-width": 0.8, "line-opacity": 0.5 } });
  map.addLayer({
    id: "heat-told", type: "symbol", source: "heat",
    layout: { "text-field": ["get", "told"], "text-font": LETTERS, "text-size": 13, "text-padding": 1 },
    paint: { "text-color": "#182227", "text-halo-color": "#FFFFFF", "text-halo-width": 1.6 },
  });
  map.on("click", "heat", (event) => void open(String(event.features?.[0]?.properties?.["key"])));
  map.on("mouseenter", "heat", () => { map!.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "heat", () => { map!.getCanvas().style.cursor = ""; });
  map.on("zoomend", () => {
    const size = sizeAt(map!.getZoom());
    if (field("size").value === size) return;
    field("size").value = size;
    void refresh();
  });
  field("size").value = sizeAt(map.getZoom());
  await refresh();
}

/** The matters behind a hexagon, from their own page. */
async function open(key: string): Promise<void> {
  const address = `${(main.dataset["cell"] ?? "").replace("CELL", key)}?${query()}`;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return location.assign(address);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("matters");
  if (!found) return location.assign(address);
  by("behind").replaceChildren(...found.childNodes);
  by("behind").hidden = false;
  by("behind").focus();
}

/** The slider runs from the oldest period to the one of today. */
function slide(): void {
  const known = labels[field("unit").value] ?? [];
  time.max = String(known.length - 1);
  time.value = String(known.length - 1 - Number(field("back").value));
  time.setAttribute("aria-valuetext", known[Number(field("back").value)] ?? "");
}

function chooseUnit(): void {
  const known = labels[field("unit").value] ?? [];
  field("back").replaceChildren(...known.map((name, number) => new Option(name, String(number))));
  field("back").value = "1";
  slide();
}

function stop(): void {
  window.clearTimeout(playing);
  playing = 0;
  play.textContent = begin;
}

const begin = play.textContent ?? "";

/** From here to today, one period after the other; each waits for its answer. */
function next(): void {
  if (time.value === time.max) return stop();
  time.value = String(Number(time.value) + 1);
  field("back").value = String(Number(time.max) - Number(time.value));
  ahead = refresh();
  playing = window.setTimeout(() => void ahead.then(() => playing && next()), EACH);
}

play.addEventListener("click", () => {
  if (playing) return stop();
  if (time.value === time.max) time.value = "-1";
  play.textContent = play.dataset["stop"] ?? "";
  next();
});
time.addEventListener("input", () => {
  stop();
  field("back").value = String(Number(time.max) - Number(time.value));
  by("period").textContent = labels[field("unit").value]?.[Number(field("back").value)] ?? "";
});
time.addEventListener("change", () => void refresh());
wish.addEventListener("change", (event) => {
  stop();
  if (event.target === field("unit")) chooseUnit();
  slide();
  void refresh();
});
document.querySelector(".ways")?.addEventListener("change", paint);
by("table").addEventListener("click", (event) => {
  const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a");
  if (link?.dataset["sort"]) {
    event.preventDefault();
    sort = link.dataset["sort"];
    void refresh().then(() => document.querySelector<HTMLElement>(`[data-sort="${sort}"]`)?.focus());
  } else if (link?.dataset["hexagon"] && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    void open(link.dataset["hexagon"]);
  }
});
by("slider").hidden = false;
// Whoever wants no motion walks by the slider.
play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
sort = new URLSearchParams(location.search).get("sort") ?? "now";
slide();
void start();
