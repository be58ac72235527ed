// The lines and names of the areas: counties and towns as one sheet each, villages and grids town by town as they come
// into view. Each line stands in one sheet only, so that none is drawn twice where two towns meet.
import type * as GeoJSON from "geojson";
import type { GeoJSONSource, Map as Drawing } from "maplibre-gl";
import { ASKED, type Level } from "./_style";

/** A town with sheets of its own, and the box that holds it whole. */
type Part = [home: string, west: number, south: number, east: number, north: number];
interface Sheet extends GeoJSON.FeatureCollection { parts?: Part[]; mark?: string }

const AGAIN = 15_000;
const PAUSE = 60;
// Beyond so many towns those out of view are forgotten.
const MOST = 60;

export class Outlines {
  private parts: Part[] = [];
  private mark = "";
  private readonly finer: Finer[];

  constructor(private readonly map: Drawing, private readonly address: string) {
    this.finer = [new Finer(map, "village"), new Finer(map, "grid")];
    map.on("load", () => void this.start());
    map.on("moveend", () => this.look());
  }

  /** The sheets of all land. A house that has drawn none yet is asked again a little later. */
  private async start(): Promise<void> {
    const [counties, towns] = await Promise.all([ask(this.of("county")), ask(this.of("town"))]);
    if (!counties || !towns) {
      window.setTimeout(() => void this.start(), AGAIN);
      return;
    }
    this.map.getSource<GeoJSONSource>("county")?.setData(counties);
    this.map.getSource<GeoJSONSource>("town")?.setData(towns);
    this.parts = towns.parts ?? [];
    this.mark = towns.mark ?? "";
    this.look();
  }

  private look(): void {
    const [zoom, seen] = [this.map.getZoom(), this.map.getBounds()];
    const inView = this.parts.filter(([, west, south, east, north]) =>
      west <= seen.getEast() && east >= seen.getWest() && south <= seen.getNorth() && north >= seen.getSouth());
    const homes = new Set(inView.map(([home]) => home));
    for (const finer of this.finer) {
      const [from, until] = ASKED[finer.level];
      if (zoom >= from && zoom < until) finer.show(homes, (home) => `${this.of(finer.level)}${home}/?of=${this.mark}`);
    }
  }

  private of(level: Level): string {
    return this.address.replace("LEVEL", level);
  }
}

/** One level that is loaded town by town. */
class Finer {
  private readonly held = new Map<string, GeoJSON.Feature[]>();
  private readonly asked = new Set<string>();
  private wanted: ReadonlySet<string> = new Set();
  private waiting = 0;

  constructor(private readonly map: Drawing, readonly level: "village" | "grid") {}

  /** Ask for what is in view and not here yet. */
  show(homes: ReadonlySet<string>, address: (home: string) => string): void {
    this.wanted = homes;
    for (const home of homes) {
      if (this.held.has(home) || this.asked.has(home)) continue;
      this.asked.add(home);
      void ask(address(home)).then((sheet) => {
        // Not answered: the next move asks again.
        this.asked.delete(home);
        if (!sheet) return;
        this.held.set(home, sheet.features);
        this.forget();
        this.soon();
      });
    }
  }

  /** By what is in view now: an answer may come after one has moved on. */
  private forget(): void {
    for (const home of this.held.keys()) {
      if (this.held.size <= MOST) return;
      if (!this.wanted.has(home)) this.held.delete(home);
    }
  }

  /** Sheets that come together are drawn together. */
  private soon(): void {
    this.waiting ||= window.setTimeout(() => {
      this.waiting = 0;
      this.map.getSource<GeoJSONSource>(this.level)?.setData({ type: "FeatureCollection", features: [...this.held.values()].flat() });
    }, PAUSE);
  }
}

async function ask(address: string): Promise<Sheet | null> {
  const answer = await fetch(address).catch(() => null);
  return answer?.status === 200 ? ((await answer.json()) as Sheet) : null;
}
