// Pictures that lie in GCJ-02, some hundred metres beside the truth: each tile is put together anew from those of its
// provider that cover its true place. The shift hardly changes within a tile (less than half a dot from its middle).
import { addProtocol } from "maplibre-gl";

const KRASOVSKY = 6_378_245;
const SQUARE = 0.006693421622965943;
const NAME = "gcj02-";

const waves = (at: number, one: number, two: number, three: number, four: number): number =>
  ((one * Math.sin(at * Math.PI) + two * Math.sin((at / 3) * Math.PI) + three * Math.sin((at / 12) * Math.PI) + four * Math.sin((at / 30) * Math.PI)) * 2) / 3;

/** Where GCJ-02 puts a place; the same as kit/geo.py. */
export function shifted(lon: number, lat: number): [number, number] {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lon, lat];
  const [x, y] = [lon - 105, lat - 35];
  const common = ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
  const root = Math.sqrt(Math.abs(x));
  const up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + waves(y, 20, 40, 160, 320);
  const right = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + waves(x, 20, 40, 150, 300);
  const north = (lat * Math.PI) / 180;
  const under = 1 - SQUARE * Math.sin(north) ** 2;
  const east = (right * 180) / ((KRASOVSKY / Math.sqrt(under)) * Math.cos(north) * Math.PI);
  return [lon + east, lat + (up * 180) / (((KRASOVSKY * (1 - SQUARE)) / (under * Math.sqrt(under))) * Math.PI)];
}

/** Column and row, with their fractions, of a place in the tiles of a zoom. */
function square(lon: number, lat: number, zoom: number): [number, number] {
  const many = 2 ** zoom;
  return [((lon + 180) / 360) * many, ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * many];
}

/** How far the provider's tiles lie from the true ones at the middle of a tile, in tiles. */
export function beside(z: number, x: number, y: number): [number, number] {
  const lon = ((x + 0.5) / 2 ** z) * 360 - 180;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + 0.5)) / 2 ** z))) * 180) / Math.PI;
  const [column, row] = square(...shifted(lon, lat), z);
  return [column - x - 0.5, row - y - 0.5];
}

/** The address under which MapLibre asks for the true tiles of a layer at these addresses. */
export function trueTiles(layer: string[], place: number): string {
  addProtocol(`${NAME}${place}`, async ({ url }, abort) => {
    const [z, x, y] = url.split("://")[1]!.split("/").map(Number) as [number, number, number];
    const [east, south] = beside(z, x, y);
    const [left, top] = [Math.floor(x + east), Math.floor(y + south)];
    const wanted = [[left, top], [left + 1, top], [left, top + 1], [left + 1, top + 1]] as [number, number][];
    const found = await Promise.all(wanted.map(([column, row]) => ask(layer, z, column, row, abort.signal)));
    const size = found.find((one) => one)?.width ?? 256;
    const canvas = new OffscreenCanvas(size, size);
    const sheet = canvas.getContext("2d")!;
    found.forEach((one, n) => {
      if (one) sheet.drawImage(one, Math.round((wanted[n]![0] - x - east) * size), Math.round((wanted[n]![1] - y - south) * size), size, size);
      one?.close();
    });
    return { data: await createImageBitmap(canvas) };
  });
  return `${NAME}${place}://{z}/{x}/{y}`;
}

async function ask(layer: string[], z: number, x: number, y: number, signal: AbortSignal): Promise<ImageBitmap | null> {
  const address = layer[(x + y) % layer.length]!.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
  const answer = await fetch(address, { signal, referrerPolicy: "origin" });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.status === 204 ? null : createImageBitmap(await answer.blob());
}
