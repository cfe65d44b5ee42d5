// Unpacks the browser of @sparticuz/chromium into the folder given, with its libraries in lib/.
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const packed = fileURLToPath(new URL("node_modules/@sparticuz/chromium/bin/", import.meta.url));
const target = process.argv[2];
const partial = `${target}.partial`;

await rm(partial, { recursive: true, force: true });
await mkdir(partial, { recursive: true });
for (const name of ["chromium", "al2023.tar", "swiftshader.tar", "fonts.tar"]) {
  const file = join(partial, name);
  await pipeline(
    createReadStream(join(packed, `${name}.br`)),
    createBrotliDecompress(),
    createWriteStream(file, { mode: 0o755 }),
  );
  if (name.endsWith(".tar")) {
    execFileSync("tar", ["-xf", file, "-C", partial]);
    await rm(file);
  }
}
await rm(target, { recursive: true, force: true });
await rename(partial, target);
