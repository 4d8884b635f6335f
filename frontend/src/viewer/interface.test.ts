import { describe, expect, it } from "vitest";

/** What the rooms may know of the viewer: the table in docs/page.md, for another one to offer. */
const INTERFACE = [
  "BoxEditor",
  "BoxLayer",
  "Readout",
  "Stage",
  "ToolStrip",
  "boxes",
  "geometry",
  "marks",
  "pixels",
  "study",
  "useViewer",
];

const SOURCES = import.meta.glob<string>("../**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});

const used = Object.entries(SOURCES)
  .filter(([path]) => !path.startsWith("./"))
  .flatMap(([, text]) =>
    [...text.matchAll(/from "[./]+\/viewer\/(\w+)"/g)].map(([, name]) => name),
  );

describe("the rooms", () => {
  it("know of the viewer only what another viewer would offer too", () => {
    expect([...new Set(used)].sort().filter((name) => !INTERFACE.includes(name ?? ""))).toEqual([]);
    expect(used).toContain("Stage");
  });
});
