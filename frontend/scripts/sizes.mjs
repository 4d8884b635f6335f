// What the reading view loads, gzipped; more than its budget fails the build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const dist = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
const manifest = JSON.parse(readFileSync(dist(".vite/manifest.json"), "utf8"));

function scriptsOf(entry, seen = new Set()) {
  const { file, imports = [] } = manifest[entry];
  if (!seen.has(file)) {
    seen.add(file);
    for (const each of imports) scriptsOf(each, seen);
  }
  return seen;
}

const files = scriptsOf("src/reading/ReadingPage.tsx", scriptsOf("index.html"));
const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist(file))).length, 0);
const kilobytes = bytes / 1000;
console.log(`Scripts of the reading view: ${kilobytes.toFixed(1)} kB gzipped of ${BUDGET_KB}.`);
if (kilobytes > BUDGET_KB) process.exit(1);
