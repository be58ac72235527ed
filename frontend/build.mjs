// Bundles the styles and islands into onegrid/static/built; nothing built is committed.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "onegrid", "static", "built");
const entries = [];
for (const [folder, ending] of [["css", ".css"], ["desk", ".ts"], ["public", ".ts"], ["map", ".ts"]]) {
  for (const name of await readdir(join(here, folder))) {
    // A leading underscore marks a part that others import.
    if (name.endsWith(ending) && !name.startsWith("_")) entries.push(join(here, folder, name));
  }
}
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await build({
  entryPoints: entries, outdir: target, outbase: here, bundle: true, minify: true, sourcemap: false,
  target: ["es2022"], format: "iife", logLevel: "warning", legalComments: "none",
});
await copyFile(join(here, "node_modules", "htmx.org", "dist", "htmx.min.js"), join(target, "htmx.js"));
// MapLibre's worker as a file of this house: the policy of the pages allows no blob and no other place.
await build({
  entryPoints: [{ in: join(here, "node_modules", "maplibre-gl", "dist", "maplibre-gl-worker.mjs"), out: "map/worker" }],
  outdir: target, bundle: true, minify: true, target: ["es2022"], format: "esm", legalComments: "none",
});
await copyFile(join(here, "icon.svg"), join(target, "icon.svg"));
// The letters of paper files, for the server: never in the static files, ten megabytes are nothing for a phone.
const fonts = join(here, "..", "onegrid", "fonts");
const letters = join(here, "node_modules", "@expo-google-fonts", "noto-sans-sc");
await rm(fonts, { recursive: true, force: true });
await mkdir(fonts, { recursive: true });
await copyFile(join(letters, "400Regular", "NotoSansSC_400Regular.ttf"), join(fonts, "regular.ttf"));
await copyFile(join(letters, "LICENSE_FONT"), join(fonts, "LICENSE"));
console.log(`built ${entries.length} entries`);
