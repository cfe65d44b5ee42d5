// Bundles each entry of ENTRIES into the static files of the web room. Deterministic: no dates, no hashes of
// machines; Django gives the files their content hashes when they are collected.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const ENTRIES = ["src/desk.ts", "styles/desk.css", "styles/door.css", "styles/dark.css"];
const OUT = fileURLToPath(new URL("../src/muster/web/static/build/", import.meta.url));

const options = {
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ENTRIES,
  entryNames: "[name]",
  chunkNames: "chunk-[hash]",
  assetNames: "asset-[hash]",
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: true,
  sourcemap: "linked",
  charset: "utf8",
  loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  logLevel: "warning",
};

// Packed copies lie beside the files; whoever takes packed ones is served them without packing anew.
async function pack() {
  const names = (await readdir(OUT)).filter((name) => /\.(?:js|css|svg)$/.test(name));
  await Promise.all(
    names.map(async (name) =>
      writeFile(`${OUT}${name}.gz`, gzipSync(await readFile(OUT + name), { level: 9 })),
    ),
  );
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, logLevel: "info" });
  await context.watch();
} else {
  await esbuild.build(options);
  await pack();
}
