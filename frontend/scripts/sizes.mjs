// What the reading view loads, gzipped; more than its budget fails the build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 250;
const dist = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
const manifest = JSON.parse(readFileSync(dist(".vite/manifest.json"), "utf8"));

const { file, imports = [] } = manifest["index.html"];
const files = [file, ...imports.map((each) => manifest[each].file)];
const bytes = files.reduce((sum, each) => sum + gzipSync(readFileSync(dist(each))).length, 0);
const kilobytes = bytes / 1000;
console.log(`Scripts of the reading view: ${kilobytes.toFixed(1)} kB gzipped of ${BUDGET_KB}.`);
if (kilobytes > BUDGET_KB) process.exit(1);
