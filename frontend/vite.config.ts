import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Django serves the built files under /static/ and index.html on every page route.
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/",
  plugins: [react()],
  build: {
    outDir: "dist",
    manifest: true,
    assetsInlineLimit: 0,
    sourcemap: false,
    target: "es2024",
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
}));
