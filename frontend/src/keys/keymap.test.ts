import { describe, expect, it } from "vitest";
import { Bindings, isFixed, usualKeyOf } from "./bindings";
import { type Binding, capOf, KEYMAP, keyOf, type Place } from "./keymap";

const nowhere = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const usual = new Bindings(nowhere);
const actionOf = usual.actionOf.bind(usual);

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

/** What the digit row types without Shift, and where the signs of the key map are. */
const LAYOUTS = {
  US: {
    row: ["1", "2", "3", "4", "5", "6", "7", "8"],
    signs: ["= Equal", "- Minus", ", Comma", "? Slash Shift"],
  },
  QWERTZ: {
    row: ["1", "2", "3", "4", "5", "6", "7", "8"],
    signs: ["+ BracketRight", "- Slash", ", Comma", "? Minus Shift"],
  },
  AZERTY: {
    row: ["&", "é", '"', "'", "(", "-", "è", "_"],
    signs: ["= Equal", ", KeyM", "? KeyM Shift"],
  },
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

  it.each(Object.entries(LAYOUTS))("has a key for every word on %s, without AltGr", (_, layout) => {
    const typed = layout.signs.map((sign) => {
      const [key = "", code = "", shift] = sign.split(" ");
      return keyOf(press(key, code, { shiftKey: shift !== undefined }));
    });
    const isTyped = (key: string) =>
      /^(Shift |Ctrl )?([a-z]|[A-Z]\w+)$/.test(key) || typed.includes(key);
    for (const place of PLACES) {
      const words = new Map<string, boolean>();
      for (const each of KEYMAP[place]) {
        words.set(each.words, words.get(each.words) || isTyped(each.key));
      }
      expect([...words].filter(([, is]) => !is)).toEqual([]);
    }
  });

  it("gives one action one key everywhere, so that one choice changes it", () => {
    for (const place of PLACES) {
      for (const { action, key } of KEYMAP[place]) {
        expect(`${action} ${key}`).toBe(`${action} ${usualKeyOf(action)}`);
      }
    }
  });

  it.each(PLACES)("reads each of its keys in %s back as its own action", (place) => {
    for (const { key, action } of KEYMAP[place]) {
      const bare = key.replace(/^(Shift|Ctrl) /, "");
      const made = press(bare.startsWith("Digit") ? bare.slice(5) : bare, bare, {
        shiftKey: key.startsWith("Shift "),
        ctrlKey: key.startsWith("Ctrl "),
      });
      expect(actionOf(place, made)).toBe(action);
    }
  });
});

describe("keyOf", () => {
  it.each(Object.entries(LAYOUTS))("reads digits by place on %s", (_, { row }) => {
    const read = row.map((key, index) => keyOf(press(key, `Digit${index + 1}`)));
    expect(read).toEqual(row.map((_key, index) => `Digit${index + 1}`));
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
    expect(keyOf(press("k", "KeyK", { ctrlKey: true, shiftKey: true }))).toBeNull();
    expect(keyOf(press("k", "KeyK", { metaKey: true }))).toBe("Ctrl k");
    expect(keyOf(press("@", "KeyQ", { ctrlKey: true, altKey: true }))).toBeNull();
    expect(keyOf(press("Dead", "Quote"))).toBeNull();
  });

  it("finds ? wherever a layout keeps it", () => {
    expect(actionOf("list", press("?", "Slash", { shiftKey: true }))).toBe("keys");
    expect(actionOf("list", press("?", "KeyM", { shiftKey: true }))).toBe("keys");
  });
});

describe("the keys somebody chose", () => {
  function stored(text: string | null = null) {
    const kept = { text };
    const storage = {
      getItem: () => kept.text,
      setItem: (_key: string, value: string) => void (kept.text = value),
      removeItem: () => void (kept.text = null),
    };
    return { kept, keys: new Bindings(storage) };
  }

  it("hold wherever the action occurs, and after a reload", () => {
    const { kept, keys } = stored();
    expect(keys.choose("edit", "x", "reading")).toBe("");
    const again = stored(kept.text).keys;
    for (const place of ["reading", "editing", "blind", "adjudicating"] as const) {
      expect(again.actionOf(place, press("x", "KeyX"))).toBe("edit");
      expect(again.actionOf(place, press("e", "KeyE"))).toBeNull();
    }
  });

  it("are refused with what has the key already, and nothing changes", () => {
    const { kept, keys } = stored();
    expect(keys.choose("confirm", "d", "reading")).toBe(
      "D is taken by “Dismiss, then 1 to 8” (Flags). Give that one another key first.",
    );
    expect(keys.choose("next", "?", "reading")).toContain("taken by “Keys”");
    expect(keys.choose("confirm", "Digit1", "reading")).toContain("1 is no key for this");
    expect(keys.choose("confirm", "Escape", "reading")).toContain("Esc is no key for this");
    expect(kept.text).toBeNull();
  });

  it("may change places by way of a free key", () => {
    const { kept, keys } = stored();
    for (const [action, key] of [
      ["dismiss", "x"],
      ["confirm", "d"],
      ["dismiss", "c"],
    ] as const) {
      expect(keys.choose(action, key, "reading")).toBe("");
    }
    const again = stored(kept.text).keys;
    expect(again.unfit).toEqual([]);
    expect(again.actionOf("reading", press("c", "KeyC"))).toBe("dismiss");
    expect(again.actionOf("reading", press("d", "KeyD"))).toBe("confirm");
  });

  it("that fit no more are the usual ones again, and it is known which", () => {
    const { keys } = stored('{"confirm":"d","gone":"x","undo":"y","next":"1"}');
    expect(keys.unfit).toEqual(["confirm", "gone", "next"]);
    expect(keys.actionOf("reading", press("y", "KeyZ"))).toBe("undo");
    expect(stored("no JSON").keys.own()).toEqual({});
  });

  it("go back to the usual ones, and nothing is kept", () => {
    const { kept, keys } = stored();
    keys.choose("undo", "y", "reading");
    keys.choose("undo", "z", "reading");
    expect(kept.text).toBeNull();
    keys.choose("undo", "y", "reading");
    keys.reset();
    expect(kept.text).toBeNull();
    expect(keys.actionOf("reading", press("z", "KeyZ"))).toBe("undo");
  });

  it("never touch digits, arrows and F1", () => {
    const fixed = Object.values<Binding[]>(KEYMAP).flat().filter(isFixed);
    expect(new Set(fixed.map(({ key }) => capOf(key)))).toContain("F1");
    const { keys } = stored('{"digit1":"x","left":"x","keysToo":"x"}');
    expect(keys.unfit).toEqual(["digit1", "left", "keysToo"]);
  });
});
