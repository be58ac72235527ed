// Bundles the styles and islands into onegrid/static/built; nothing built is committed.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "onegrid", "static", "built");
const entries = [];
for (const [folder, ending] of [["css", ".css"], ["desk", ".ts"], ["public", ".ts"]]) {
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
await copyFile(join(here, "icon.svg"), join(target, "icon.svg"));
console.log(`built ${entries.length} entries`);
