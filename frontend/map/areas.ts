// The map of the editor of grids: it fills the forms beside it, and whatever it does can be typed there too.
//
//   click on a grid          chooses it (the page with ?key=…)
//   "Draw on the map"        clicks write the points of a line or an outline into the form; "Done", Enter, double click, Esc
//   a point of the chosen    dragged, it moves in every grid that has it; a hollow one is pulled out of an edge
import type { GeoJSONSource, MapMouseEvent, MapTouchEvent } from "maplibre-gl";
import { inkOf, openMap, type OnMap } from "./_base";

type Spot = [number, number];
interface Feature { type: "Feature"; geometry: { type: string; coordinates: unknown }; properties: Record<string, unknown> }
interface Features { type: "FeatureCollection"; features: Feature[] }
type Pointed = MapMouseEvent | MapTouchEvent;

const DIGITS = 7;
const CATCH = 10; // pixels round an edge or a vertex on which a click lands, where the outline is to fit
const NEAR = 14; // pixels round a point in which it is caught
const collection = (features: Feature[]): Features => ({ type: "FeatureCollection", features });
const feature = (type: string, coordinates: unknown, properties: Record<string, unknown> = {}): Feature =>
  ({ type: "Feature", geometry: { type, coordinates }, properties });
const written = (spots: Spot[]): string => spots.map((spot) => spot.map((part) => part.toFixed(DIGITS)).join(", ")).join("\n");

function read(text: string): Spot[] {
  const lines = text.split(/[\n;]/).map((line) => line.trim().split(/[\s,]+/).map(Number));
  return lines.filter((pair) => pair.length === 2 && pair.every(Number.isFinite)) as Spot[];
}

/** The rings of an outline, each without its repeated end. */
function rings(grid: Feature): Spot[][] {
  const polygons = grid.geometry.type === "MultiPolygon" ? grid.geometry.coordinates as Spot[][][] : [grid.geometry.coordinates as Spot[][]];
  return polygons.flat().map((ring) => ring.slice(0, -1));
}

interface Flat { x: number; y: number }

/** The place on the edge from one point to the other that is nearest to a third, all in pixels. */
function onEdge(one: Flat, other: Flat, at: Flat): Flat {
  const [wide, high] = [other.x - one.x, other.y - one.y];
  const part = ((at.x - one.x) * wide + (at.y - one.y) * high) / (wide * wide + high * high || 1);
  const along = Math.min(1, Math.max(0, part));
  return { x: one.x + along * wide, y: one.y + along * high };
}
const far = (one: Flat, other: Flat): number => Math.hypot(one.x - other.x, one.y - other.y);

class Editor {
  private drawn: Spot[] = [];
  private clickedAt: Flat | null = null;
  private drawing: HTMLTextAreaElement | null = null;
  private readonly say: HTMLElement | null;
  private readonly done: HTMLElement | null;

  constructor(private readonly map: OnMap, private readonly box: HTMLElement, private readonly grids: Features) {
    this.say = box.querySelector(".map-say");
    this.done = box.querySelector(".map-done");
    this.done?.querySelectorAll("button").forEach((button, place) => button.addEventListener("click", () => this.finish(place === 0)));
    this.layers();
    this.handles();
    for (const area of box.querySelectorAll<HTMLTextAreaElement>("textarea.spots")) this.offer(area);
    map.on("click", (event) => this.clicked(event));
    map.on("dblclick", (event) => { if (this.drawing) { event.preventDefault(); this.finish(true); } });
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  private layers(): void {
    const ink = inkOf(this.box);
    const key = this.box.dataset["key"] ?? "";
    this.map.addSource("draft", { type: "geojson", data: this.grids as never });
    this.map.addSource("sketch", { type: "geojson", data: collection([]) as never });
    this.map.addSource("points", { type: "geojson", data: collection([]) as never });
    this.map.addLayer({ id: "draft-fill", type: "fill", source: "draft", paint: {
      "fill-color": ["case", ["==", ["get", "key"], key], ink("accent"), ["get", "changed"], ink("soon-bar"), ink("paper")],
      "fill-opacity": ["case", ["==", ["get", "key"], key], 0.28, ["get", "changed"], 0.28, 0.05] } });
    this.map.addLayer({ id: "draft-line", type: "line", source: "draft", filter: ["!=", ["get", "kind"], "special"],
      paint: { "line-color": ink("accent"), "line-width": ["case", ["==", ["get", "key"], key], 3, 1.2] } });
    this.map.addLayer({ id: "special-line", type: "line", source: "draft", filter: ["==", ["get", "kind"], "special"],
      paint: { "line-color": ink("paused"), "line-width": 2, "line-dasharray": [2, 1.5] } });
    this.map.addLayer({ id: "sketch-line", type: "line", source: "sketch",
      paint: { "line-color": ink("ink"), "line-width": 2.5, "line-dasharray": [2, 1] } });
    this.map.addLayer({ id: "points", type: "circle", source: "points", paint: {
      "circle-radius": 6, "circle-stroke-width": 2, "circle-stroke-color": ink("accent"),
      "circle-color": ["case", ["get", "new"], ink("paper"), ink("accent")] } });
  }

  private show(name: string, features: Feature[]): void {
    this.map.getSource<GeoJSONSource>(name)?.setData(collection(features) as never);
  }

  private tell(words: string | undefined): void {
    if (!this.say) return;
    this.say.hidden = !words;
    this.say.textContent = words ?? "";
  }

  /** A form whose points can be drawn: its button, and what is typed shown on the map. */
  private offer(area: HTMLTextAreaElement): void {
    const button = area.form?.querySelector<HTMLButtonElement>(".on-map");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => this.begin(area));
    area.addEventListener("input", () => this.sketch(read(area.value), area.dataset["shape"] === "ring"));
    if (area.value) this.sketch(read(area.value), area.dataset["shape"] === "ring");
  }

  private begin(area: HTMLTextAreaElement): void {
    if (this.done) this.done.hidden = false;
    this.drawing = area;
    this.drawn = [];
    this.clickedAt = null;
    this.sketch([], false);
    this.show("points", []);
    this.map.doubleClickZoom.disable();
    this.map.getCanvas().classList.add("drawing-now");
    this.tell(this.box.dataset["snap" in area.dataset ? "snap" : area.dataset["shape"] ?? "line"]);
    this.map.getCanvas().focus();
    this.box.scrollIntoView({ block: "nearest" });
  }

  private clicked(event: MapMouseEvent): void {
    if (this.drawing) {
      // The two clicks of a double click are one point.
      if (this.clickedAt && far(this.clickedAt, event.point) < 4) return;
      this.clickedAt = event.point;
      this.drawn.push("snap" in this.drawing.dataset ? this.caught(event) : [event.lngLat.lng, event.lngLat.lat]);
      this.sketch(this.drawn, this.drawing.dataset["shape"] === "ring");
      return;
    }
    const [found] = this.map.queryRenderedFeatures(event.point, { layers: ["draft-fill"] })
      .sort((one, other) => Number(other.properties["kind"] === "special") - Number(one.properties["kind"] === "special"));
    const key = found?.properties["key"] as string | undefined;
    if (key && key !== this.box.dataset["key"]) location.href = `${this.box.dataset["here"]}?key=${key}${location.hash}`;
  }

  /** Where a click lands: on a vertex of an ordinary grid that is near, else on an edge that is near, else where it is. */
  private caught(event: MapMouseEvent): Spot {
    const ordinary = this.grids.features.filter((one) => one.properties["kind"] !== "special");
    const around = ordinary.flatMap(rings).map((ring) => ring.map((spot) => ({ spot, flat: this.map.project(spot) as Flat })));
    const [vertex] = around.flat().filter(({ flat }) => far(flat, event.point) <= CATCH)
      .sort((one, other) => far(one.flat, event.point) - far(other.flat, event.point));
    if (vertex) return vertex.spot;
    const [edge] = around.flatMap((ring) => ring.map(({ flat }, place) => onEdge(flat, (ring[(place + 1) % ring.length] ?? { flat }).flat, event.point)))
      .filter((at) => far(at, event.point) <= CATCH).sort((one, other) => far(one, event.point) - far(other, event.point));
    const { lng, lat } = edge ? this.map.unproject([edge.x, edge.y]) : event.lngLat;
    return [lng, lat];
  }

  private pressed(event: KeyboardEvent): void {
    if (!this.drawing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    this.finish(event.key === "Enter");
  }

  private finish(keep: boolean): void {
    const area = this.drawing;
    this.drawing = null;
    if (this.done) this.done.hidden = true;
    this.map.doubleClickZoom.enable();
    this.map.getCanvas().classList.remove("drawing-now");
    if (area && keep) {
      area.value = written(this.drawn);
      area.form?.querySelector<HTMLButtonElement>("button.primary")?.focus();
      this.tell(this.box.dataset["ended"]);
    } else {
      this.sketch([], false);
      this.tell("");
      this.handles();
    }
  }

  private sketch(spots: Spot[], closed: boolean): void {
    const line = closed && spots.length > 2 ? [...spots, spots[0]] : spots;
    const points = spots.map((spot) => feature("Point", spot, { new: false }));
    this.show("sketch", line.length > 1 ? [feature("LineString", line)] : []);
    if (this.drawing) this.show("points", points);
  }

  /** The points of the chosen grid, and hollow ones between them, while its edge is to be moved. */
  private handles(): void {
    const form = this.box.querySelector<HTMLDetailsElement>("#redraw");
    const chosen = this.grids.features.find((one) => one.properties["key"] === this.box.dataset["key"]);
    if (!form || !chosen) return;
    const spots = rings(chosen).flatMap((ring) => ring.map((at, place) => {
      const next = ring[(place + 1) % ring.length] ?? at;
      return [feature("Point", at, { new: false }), feature("Point", [(at[0] + next[0]) / 2, (at[1] + next[1]) / 2], { new: true })];
    })).flat();
    const look = (): void => {
      this.show("points", form.open ? spots : []);
      this.tell(form.open ? this.box.dataset["drag"] : "");
    };
    form.addEventListener("toggle", look);
    look();
    for (const kind of ["mousedown", "touchstart"] as const) this.map.on(kind, (event: Pointed) => this.grab(event, form, spots));
  }

  private grab(event: Pointed, form: HTMLDetailsElement, spots: Feature[]): void {
    if (!form.open || this.drawing) return;
    const near = spots.map((one) => ({ one, far: this.map.project(one.geometry.coordinates as Spot).dist(event.point) }))
      .filter(({ far }) => far <= NEAR).sort((one, other) => one.far - other.far)[0]?.one;
    if (!near) return;
    event.preventDefault();
    const at = near.geometry.coordinates as Spot;
    let to = at;
    const moving = (moved: Pointed): void => {
      to = [moved.lngLat.lng, moved.lngLat.lat];
      this.show("sketch", [feature("LineString", [at, to])]);
      this.show("points", spots.map((one) => (one === near ? feature("Point", to, one.properties) : one)));
    };
    const [move, end] = event.type === "mousedown" ? ["mousemove", "mouseup"] as const : ["touchmove", "touchend"] as const;
    this.map.on(move, moving);
    this.map.once(end, () => {
      this.map.off(move, moving);
      if (to !== at) this.put(form, near, to);
    });
  }

  /** Into the form, and sent: taken back by one button if it was not meant. */
  private put(form: HTMLDetailsElement, point: Feature, to: Spot): void {
    const field = (name: string): HTMLInputElement | HTMLSelectElement | null => form.querySelector(`[name=${name}]`);
    const at = written([point.geometry.coordinates as Spot]);
    const [select, fresh, aim] = [field("at"), field("new"), field("to")];
    if (!select || !fresh || !aim) return;
    if (point.properties["new"]) fresh.value = at;
    else select.value = at;
    aim.value = written([to]);
    form.querySelector<HTMLButtonElement>("button[value=move]")?.click();
  }
}

async function start(box: HTMLElement): Promise<void> {
  const canvas = box.querySelector<HTMLElement>(".map");
  if (!canvas) return;
  const [map, answer] = await Promise.all([openMap(canvas, { hash: true }), fetch(box.dataset["grids"] ?? "")]);
  if (map && answer.ok) {
    new Editor(map, box, await answer.json() as Features);
    box.dataset["ready"] = "yes";
  }
}

const box = document.querySelector<HTMLElement>(".drawing");
if (box) void start(box);
