import { describe, expect, it } from "vitest";
import { queryOf, storedViews, storeViews, withView } from "./views";

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

describe("saved views", () => {
  it("are kept for one person, by name", () => {
    const storage = memory();
    const views = withView(withView([], { name: "Urgent", query: "a=1" }), {
      name: "Failed",
      query: "state=failed",
    });
    storeViews(storage, "ana", views);
    expect(storedViews(storage, "ana").map(({ name }) => name)).toEqual(["Failed", "Urgent"]);
    expect(storedViews(storage, "ben")).toEqual([]);
  });

  it("stand for the newest of their name", () => {
    const first = withView([], { name: "Mine", query: "a=1" });
    expect(withView(first, { name: "Mine", query: "b=2" })).toEqual([
      { name: "Mine", query: "b=2" },
    ]);
  });

  it("are none where something else was stored", () => {
    const storage = memory();
    storage.setItem("overread.views.ana", '[{"name": 1}, 2]');
    expect(storedViews(storage, "ana")).toEqual([]);
    storage.setItem("overread.views.ana", "{");
    expect(storedViews(storage, "ana")).toEqual([]);
  });

  it("are the same filters in any order, without what is left open", () => {
    expect(queryOf({ state: "done", kind: "URGENT", q: "" })).toBe("kind=URGENT&state=done");
  });
});
