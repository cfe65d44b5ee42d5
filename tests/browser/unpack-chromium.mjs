// Unpacks the browser of @sparticuz/chromium into the folder given, with its libraries in lib/ and fonts in fonts/:
// on a machine without any font every text would have no width, and every Chinese one would be boxes.
import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";

const packages = fileURLToPath(new URL("node_modules/", import.meta.url));
const packed = join(packages, "@sparticuz/chromium/bin");
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
for (const weight of ["400Regular", "700Bold"]) {
  const name = `NotoSansSC_${weight}.ttf`;
  await copyFile(join(packages, "@expo-google-fonts/noto-sans-sc", weight, name), join(partial, "fonts", name));
}
await writeFile(
  join(partial, "fonts.conf"),
  `<?xml version="1.0"?>
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(target, "fonts")}</dir>
  <cachedir>${join(target, "cache")}</cachedir>
</fontconfig>
`,
);
await rm(target, { recursive: true, force: true });
await rename(partial, target);
