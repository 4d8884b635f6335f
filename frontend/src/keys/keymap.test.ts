import { describe, expect, it } from "vitest";
import { actionOf, type Binding, KEYMAP, keyOf, type Place } from "./keymap";

const press = (key: string, code = "", part: Partial<KeyboardEvent> = {}) => ({
  key,
  code,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...part,
});

const PLACES = Object.keys(KEYMAP) as Place[];

/** What the digit row types without Shift. */
const LAYOUTS = {
  US: ["1", "2", "3", "4", "5", "6", "7", "8"],
  QWERTZ: ["1", "2", "3", "4", "5", "6", "7", "8"],
  AZERTY: ["&", "é", '"', "'", "(", "-", "è", "_"],
};

describe("the key map", () => {
  it.each(PLACES)("has one meaning for each key in %s", (place) => {
    const bindings: Binding[] = [
      ...KEYMAP[place],
      ...(place === "anywhere" ? [] : KEYMAP.anywhere),
    ];
    const keys = bindings.map((binding) => binding.key);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it.each(PLACES)("reads each of its keys in %s back as its own action", (place) => {
    for (const { key, action } of KEYMAP[place]) {
      const bare = key.replace("Shift ", "");
      const made = press(bare.startsWith("Digit") ? bare.slice(5) : bare, bare, {
        shiftKey: key.startsWith("Shift "),
      });
      expect(actionOf(place, made)).toBe(action);
    }
  });
});

describe("keyOf", () => {
  it.each(Object.entries(LAYOUTS))("reads digits by place on %s", (_, typed) => {
    const read = typed.map((key, index) => keyOf(press(key, `Digit${index + 1}`)));
    expect(read).toEqual(typed.map((_key, index) => `Digit${index + 1}`));
  });

  it("reads letters by the character typed: Z and Y change places on QWERTZ", () => {
    expect(actionOf("reading", press("z", "KeyY"))).toBe("undo");
    expect(actionOf("reading", press("y", "KeyZ"))).toBeNull();
  });

  it("reads a letter with Caps Lock as the letter, and with Shift as another key", () => {
    expect(keyOf(press("J", "KeyJ"))).toBe("j");
    expect(keyOf(press("Z", "KeyZ", { shiftKey: true }))).toBe("Shift z");
  });

  it("takes the numeric pad's digits, but not its arrows", () => {
    expect(keyOf(press("4", "Numpad4"))).toBe("Digit4");
    expect(keyOf(press("ArrowLeft", "Numpad4"))).toBe("ArrowLeft");
  });

  it("leaves the browser its own keys and never needs AltGr", () => {
    expect(keyOf(press("r", "KeyR", { ctrlKey: true }))).toBeNull();
    expect(keyOf(press("@", "KeyQ", { ctrlKey: true, altKey: true }))).toBeNull();
    expect(keyOf(press("Dead", "Quote"))).toBeNull();
  });

  it("finds ? wherever a layout keeps it", () => {
    expect(actionOf("list", press("?", "Slash", { shiftKey: true }))).toBe("keys");
    expect(actionOf("list", press("?", "KeyM", { shiftKey: true }))).toBe("keys");
  });
});
