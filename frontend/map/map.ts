// The command-centre map: map and list under the same filters, live, with a card of what was chosen.
import type * as GeoJSON from "geojson";
import { csrf, openStream } from "../shared/_stream";
import { openMap, type OnMap } from "./_base";
import { Card } from "./_card";
import { addMatters, draw, put, source, under, EMPTY, type Point, type Shown } from "./_matters";
import { Tools } from "./_tools";

type Place = [number, number];
const PAUSE = 150;
const NEWS = 250;
const EDGE = 24;
const main = document.getElementById("main") as HTMLElement;
const filters = document.getElementById("filters") as HTMLFormElement;
const rows = document.getElementById("rows") as HTMLElement;
const said = document.getElementById("said") as HTMLElement;

/** The filters that are set, as they stand in an address. */
function asked(): URLSearchParams {
  const given = [...new FormData(filters)].filter(([, value]) => value !== "") as [string, string][];
  return new URLSearchParams(given);
}

function box(map: OnMap | null): string {
  if (!map) return document.getElementById("map")?.dataset["bounds"] ?? "";
  const seen = map.getBounds();
  const edges = [Math.max(-180, seen.getWest()), Math.max(-90, seen.getSouth()), Math.min(180, seen.getEast()), Math.min(90, seen.getNorth())];
  return edges.map((edge) => edge.toFixed(5)).join(",");
}

class Page {
  private waiting = 0;
  private asking = new AbortController();
  private asked: Promise<void> = Promise.resolve();
  private heard = false;
  private grouped = false;
  private readonly card: Card;
  readonly tools: Tools | null;

  constructor(private readonly map: OnMap | null) {
    this.card = new Card(map, main, () => this.current());
    this.tools = map ? new Tools(map, { near: (place, metres) => void this.card.near(place, metres) }) : null;
    filters.addEventListener("change", () => {
      if (!this.tools?.active) this.tools?.say("");
      this.soon();
    });
    rows.addEventListener("click", (event) => this.picked(event));
    if (map) this.listen(map);
  }

  private listen(map: OnMap): void {
    map.on("moveend", () => this.soon());
    map.on("mousemove", (event) => this.tools?.over([event.lngLat.lng, event.lngLat.lat]));
    map.on("click", (event) => {
      const place: Place = [event.lngLat.lng, event.lngLat.lat];
      if (this.tools?.active) return this.tools.at(place);
      const [cell] = map.queryRenderedFeatures(event.point, { layers: ["cells"] });
      const numbers = under(map, event.point.x, event.point.y);
      if (numbers.length > 1) this.card.offer(numbers);
      else if (numbers[0]) void this.card.open(numbers[0]);
      else if (cell) map.easeTo({ center: (cell.geometry as GeoJSON.Point).coordinates as Place, zoom: map.getZoom() + 1.6 });
      else this.card.close();
    });
    for (const layer of ["matters", "cells"]) {
      map.on("mouseenter", layer, () => { if (!this.tools?.active) map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { if (!this.tools?.active) map.getCanvas().style.cursor = ""; });
    }
  }

  /** Ask again a moment after the last change. */
  soon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.load(), PAUSE);
  }

  /** Something happened: asked for a moment later. News that come without end neither put this off nor break it off. */
  private async news(): Promise<void> {
    if (this.heard) return;
    this.heard = true;
    await this.asked;
    await new Promise((done) => window.setTimeout(done, NEWS));
    this.heard = false;
    await this.load();
  }

  load(): Promise<void> {
    clearTimeout(this.waiting);
    return (this.asked = this.ask());
  }

  private async ask(): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    const words = asked();
    words.set("box", box(this.map));
    if (this.map) words.set("zoom", this.map.getZoom().toFixed(2));
    try {
      await Promise.all([this.loadPoints(words, signal), this.loadRows(words, signal)]);
    } catch (error) {
      if ((error as Error).name !== "AbortError") throw error;
    }
  }

  private async loadPoints(words: URLSearchParams, signal: AbortSignal): Promise<void> {
    if (!this.map) return;
    const answer = await fetch(`${main.dataset["points"]}?${words}`, { signal });
    if (!answer.ok) return;
    const shown = (await answer.json()) as Shown;
    draw(this.map, shown);
    this.grouped = shown.cells.length > 0;
    const count = shown.points.length || shown.cells.reduce((sum, cell) => sum + cell[2], 0);
    const told = (shown.cells.length ? said.dataset["many"] : said.dataset["one"]) ?? "";
    said.textContent = told.replace("{n}", String(count)) + (shown.more ? ` · ${said.dataset["more"]}` : "");
  }

  private async loadRows(words: URLSearchParams, signal: AbortSignal): Promise<void> {
    const answer = await fetch(`${main.dataset["list"]}?${words}`, { signal });
    if (!answer.ok) return;
    const html = await answer.text();
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("#rows [data-number]")?.dataset["number"];
    rows.innerHTML = html;
    if (focused) rows.querySelector<HTMLElement>(`[data-number="${focused}"]`)?.focus();
    this.current();
  }

  private current(): void {
    for (const row of rows.querySelectorAll<HTMLElement>(".ev")) {
      if (row.dataset["number"] === this.card.number) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  private picked(event: MouseEvent): void {
    const row = (event.target as Element).closest<HTMLElement>("a[data-number]");
    if (!row || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const place = (row.dataset["at"] ?? "").split(",").map(Number) as Place;
    if (this.map && place.every(Number.isFinite)) this.map.easeTo({ center: place, zoom: Math.max(this.map.getZoom(), 14), padding: this.card.covers() });
    void this.card.open(row.dataset["number"] ?? "");
  }

  /** A step was committed: the matter is put where it stands now, or taken off the map. */
  async moved(number: string): Promise<void> {
    const answer = await fetch(`${main.dataset["points"]}${encodeURIComponent(number)}/?${asked()}`);
    if (this.map && answer.status === 204) put(this.map, number, null);
    else if (this.map && answer.ok) this.put(this.map, ((await answer.json()) as { point: Point }).point);
    void this.news();
    await this.card.moved(number);
  }

  /** Among groups it stands nowhere by itself: it is counted in one of them. */
  private put(map: OnMap, point: Point): void {
    if (!this.grouped && map.getBounds().contains([point[1], point[2]])) put(map, point[0], point);
  }

  /** Open a matter that the address names, and look at it. */
  async open(number: string): Promise<void> {
    const place = await this.card.open(number);
    if (place) this.map?.jumpTo({ center: place, zoom: 15, padding: this.card.covers() });
  }
}

function layers(map: OnMap): void {
  const areas = map.getStyle().layers.filter((one) => /-(line|names)$/.test(one.id) && one.id !== "reach-line").map((one) => one.id);
  const named: Record<string, string[]> = { matters: ["matters", "cells", "cell-numbers"], areas, units: ["seats"] };
  let known = false;
  for (const tick of document.querySelectorAll<HTMLInputElement>("[data-layer]")) {
    tick.addEventListener("change", () => {
      const name = tick.dataset["layer"] ?? "";
      if (name === "units" && !known) {
        known = true;
        void seats(map);
      }
      for (const id of named[name] ?? []) map.setLayoutProperty(id, "visibility", tick.checked ? "visible" : "none");
    });
  }
}

async function seats(map: OnMap): Promise<void> {
  const told = (await (await fetch(main.dataset["units"] ?? "")).json()) as { units: [string, string, number, number, boolean][] };
  const features = told.units.map(([code, name, lon, lat, exact]): GeoJSON.Feature => ({
    type: "Feature", properties: { code, name, exact }, geometry: { type: "Point", coordinates: [lon, lat] },
  }));
  source(map, "seats").setData({ ...EMPTY, features });
}

/** Layers of things: asked for in the box that is seen, again when the map has moved. */
function things(map: OnMap): void {
  const ticks = [...document.querySelectorAll<HTMLInputElement>("[data-things]:not(main)")];
  const load = async (): Promise<void> => {
    const wanted = ticks.filter((tick) => tick.checked).map((tick) => tick.dataset["things"] ?? "");
    const answers = await Promise.all(wanted.map((layer) => fetch(`${main.dataset["things"]}?layer=${layer}&box=${box(map)}`)));
    const told = (await Promise.all(answers.filter((one) => one.ok).map((one) => one.json()))) as { things: [string, number, number][] }[];
    const features = told.flatMap((one) => one.things).map(([name, lon, lat]): GeoJSON.Feature => ({
      type: "Feature", properties: { name }, geometry: { type: "Point", coordinates: [lon, lat] },
    }));
    source(map, "things").setData({ ...EMPTY, features });
  };
  for (const tick of ticks) tick.addEventListener("change", () => void load());
  map.on("moveend", () => { if (ticks.some((tick) => tick.checked)) void load(); });
}

async function share(map: OnMap, tools: Tools): Promise<void> {
  const words = asked();
  words.set("box", box(map));
  const answer = await fetch(`${main.dataset["share"]}?${words}`, { method: "POST", headers: { "X-CSRFToken": csrf() } });
  if (!answer.ok) return;
  const { url } = (await answer.json()) as { url: string };
  const told = document.getElementById("told") as HTMLElement;
  try {
    await navigator.clipboard.writeText(url);
    tools.say(told.dataset["copied"] ?? "");
  } catch {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: url });
    told.replaceChildren(`${told.dataset["link"] ?? ""} `, link);
  }
}

async function start(): Promise<void> {
  // The area is looked at below the tools, which lie over the map.
  const top = (document.querySelector<HTMLElement>(".tools")?.offsetHeight ?? 0) + EDGE;
  const map = await openMap(document.getElementById("map") as HTMLElement, { fitBoundsOptions: { padding: { top, bottom: EDGE, left: EDGE, right: EDGE } } });
  if (map) addMatters(map);
  const page = new Page(map);
  if (map && page.tools) {
    const { tools } = page;
    layers(map);
    things(map);
    document.querySelector("button[data-share]")?.addEventListener("click", () => void share(map, tools));
  } else document.querySelector(".tools")?.remove();
  const wanted = new URLSearchParams(location.search).get("event");
  if (wanted) await page.open(wanted);
  await page.load();
  const live = document.getElementById("live");
  if (live) openStream(live, { step: (number) => void page.moved(number) });
  document.body.dataset["ready"] = "yes";
}

void start();
