// src/api/schema.d.ts from the platform's own OpenAPI schema; with --check, only compares.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapi, { astToString } from "openapi-typescript";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const root = path("../../");
const python = process.env.PYTHON ?? path("../../.venv/bin/python");
const target = path("../src/api/schema.d.ts");

const schema = execFileSync(python, ["manage.py", "spectacular", "--format", "openapi-json"], {
  cwd: root,
  // The schema needs neither a database nor a real key.
  env: { ...process.env, SECRET_KEY: "only for the schema", DATABASE_URL: "" },
  maxBuffer: 64 * 1024 * 1024,
});
const heading = "// Made by `npm run api-types` from the OpenAPI schema. Do not edit.\n\n";
const types = heading + astToString(await openapi(schema.toString(), { alphabetize: true }));

if (!process.argv.includes("--check")) {
  writeFileSync(target, types);
} else if (readFileSync(target, "utf8") !== types) {
  console.error("src/api/schema.d.ts is not what the API says: run `npm run api-types`.");
  process.exit(1);
}
