// Measure a way, draw a circle, ask what is near: by finger, mouse, or the keyboard with the middle of the map.
import type * as GeoJSON from "geojson";
import { EMPTY, source } from "./_matters";
import type { OnMap } from "./_base";

type Place = [number, number];
const EARTH = 6_371_008.8;
const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two places, as kit/geo.py reckons them. */
export function apart([lon, lat]: Place, [other, far]: Place): number {
  const rise = Math.sin(rad(far - lat) / 2) ** 2;
  const turn = Math.sin(rad(other - lon) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(rise + Math.cos(rad(lat)) * Math.cos(rad(far)) * turn)));
}

/** A circle of so many metres round a place, for the eye only: what lies in it is reckoned by the server. */
export function circle(map: OnMap, [lon, lat]: Place | [number, number], metres: number): void {
  const high = ((metres / EARTH) * 180) / Math.PI;
  const wide = high / Math.cos(rad(lat));
  const ring = Array.from({ length: 73 }, (_one, n) => {
    const angle = (n * Math.PI) / 36;
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)];
  });
  show(map, [{ type: "Polygon", coordinates: [ring] }]);
}

export function clear(map: OnMap): void {
  source(map, "reach").setData(EMPTY);
}

function show(map: OnMap, shapes: GeoJSON.Geometry[]): void {
  const features = shapes.map((geometry) => ({ type: "Feature" as const, properties: {}, geometry }));
  source(map, "reach").setData({ ...EMPTY, features });
}

export interface Asked { near: (place: Place, metres: number) => void }

export class Tools {
  active = "";
  private places: Place[] = [];
  private readonly told = document.getElementById("told") as HTMLElement;
  private readonly buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-tool]")];

  constructor(private readonly map: OnMap, private readonly asked: Asked) {
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.choose(this.active === button.dataset["tool"] ? "" : button.dataset["tool"] ?? ""));
    }
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !this.active) return;
      const middle = map.getCenter();
      this.at([middle.lng, middle.lat]);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.active) this.choose("");
    });
  }

  choose(tool: string): void {
    this.active = tool;
    this.places = [];
    clear(this.map);
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset["tool"] === tool));
    this.map.getContainer().classList.toggle("aiming", tool !== "");
    this.map.getCanvas().style.cursor = tool ? "crosshair" : "";
    this.say(tool ? this.told.dataset[tool] ?? "" : "");
    if (tool) this.map.getCanvas().focus();
  }

  say(words: string): void {
    this.told.textContent = words;
  }

  length(metres: number): string {
    const far = metres >= 1000;
    return (this.told.dataset[far ? "km" : "m"] ?? "{n}").replace("{n}", far ? (metres / 1000).toFixed(2) : String(Math.round(metres)));
  }

  /** A place was chosen while a tool is in hand. */
  at(place: Place): void {
    this.places.push(place);
    if (this.active === "near") this.done(place, 200);
    else if (this.active === "circle") this.ring(place);
    else this.way();
  }

  /** The pointer moves: the circle grows with it. */
  over(place: Place): void {
    const [middle] = this.places;
    if (this.active !== "circle" || !middle) return;
    const metres = apart(middle, place);
    circle(this.map, middle, metres);
    this.say(this.length(metres));
  }

  private ring(place: Place): void {
    const [middle, edge] = this.places;
    if (!middle || !edge) return show(this.map, [{ type: "Point", coordinates: place }]);
    const metres = Math.max(1, Math.round(apart(middle, edge)));
    this.done(middle, Math.min(metres, 5000));
    this.say(this.length(Math.min(metres, 5000)));
  }

  private done(place: Place, metres: number): void {
    this.choose("");
    this.asked.near(place, metres);
  }

  private way(): void {
    const dots = this.places.map((place): GeoJSON.Geometry => ({ type: "Point", coordinates: place }));
    show(this.map, [{ type: "LineString", coordinates: this.places }, ...dots]);
    const whole = this.places.slice(1).reduce((sum, place, n) => sum + apart(this.places[n]!, place), 0);
    if (this.places.length > 1) this.say(this.length(whole));
  }
}
