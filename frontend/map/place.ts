// The map of the form that puts a place right: a tap writes the point into the form, and whatever is typed there moves it.
import type { GeoJSONSource } from "maplibre-gl";
import { inkOf, openMap, type OnMap } from "./_base";

type Spot = [number, number];
const DIGITS = 6;
// Degrees that the map can show.
const EAST_MOST = 180;
const NORTH_MOST = 85;

function read(text: string): Spot | null {
  const spot = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  const [east = NaN, north = NaN] = spot;
  return spot.length === 2 && Math.abs(east) <= EAST_MOST && Math.abs(north) <= NORTH_MOST ? [east, north] : null;
}

class Picker {
  private readonly east: HTMLInputElement;
  private readonly north: HTMLInputElement;

  constructor(private readonly map: OnMap, box: HTMLElement, form: HTMLFormElement) {
    this.east = form.querySelector<HTMLInputElement>("[data-longitude]")!;
    this.north = form.querySelector<HTMLInputElement>("[data-latitude]")!;
    const ink = inkOf(box);
    for (const name of ["was", "spot"]) map.addSource(name, { type: "geojson", data: points(null) });
    map.addLayer({ id: "was", type: "circle", source: "was", paint: {
      "circle-radius": 10, "circle-color": ink("paper"), "circle-opacity": 0.5, "circle-stroke-color": ink("ink-2"), "circle-stroke-width": 2.5 } });
    map.addLayer({ id: "spot", type: "circle", source: "spot", paint: {
      "circle-radius": 9, "circle-color": ink("accent"), "circle-stroke-color": ink("paper"), "circle-stroke-width": 3 } });
    this.put("was", read(box.dataset["was"] ?? ""));
    this.draw(false);
    map.getCanvas().style.cursor = "crosshair";
    map.on("click", (event) => this.take([event.lngLat.lng, event.lngLat.lat]));
    form.addEventListener("change", () => this.draw(true));
  }

  private take(spot: Spot): void {
    [this.east.value, this.north.value] = [spot[0].toFixed(DIGITS), spot[1].toFixed(DIGITS)];
    this.east.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** The point of the form, brought into view when it lies outside. */
  private draw(follow: boolean): void {
    const spot = read(`${this.east.value},${this.north.value}`);
    this.put("spot", spot);
    if (spot && follow && !this.map.getBounds().contains(spot)) this.map.easeTo({ center: spot });
  }

  private put(name: string, spot: Spot | null): void {
    (this.map.getSource(name) as GeoJSONSource | undefined)?.setData(points(spot));
  }
}

function points(spot: Spot | null): GeoJSON.FeatureCollection {
  const features = spot ? [{ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: spot }, properties: {} }] : [];
  return { type: "FeatureCollection", features };
}

window.drawPlace = async (box) => {
  const map = await openMap(box);
  const form = box.closest("form");
  if (map && form) new Picker(map, box, form);
};
