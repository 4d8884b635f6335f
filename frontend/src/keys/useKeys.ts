import { useLayoutEffect, useRef } from "react";
import type { Place } from "./keymap";
import { bindings } from "./own";

/** What an action does on key down; `up` when the key is let go. */
export type KeyActions = Record<string, (() => void) | { down: () => void; up: () => void }>;

const REPEATING = new Set(["next", "previous", "zoomIn", "zoomOut"]);
const isArrow = (key: string): boolean => key.startsWith("Arrow");

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return ["TEXTAREA", "SELECT"].includes(target.tagName) || target.isContentEditable;
}

/** Enter on a focused control presses that control and nothing else. */
const pressesControl = (event: KeyboardEvent): boolean =>
  event.key === "Enter" &&
  event.target instanceof Element &&
  event.target.closest("button, a, summary, label") !== null;

const isShut = (event: KeyboardEvent): boolean =>
  event.defaultPrevented ||
  isTyping(event.target) ||
  pressesControl(event) ||
  document.querySelector("dialog[open]") !== null;

/** Runs the actions of a place on its keys. None fire while typing or behind an open dialog. */
export function useKeys(place: Place, actions: KeyActions, enabled = true): void {
  const current = useRef({ place, actions });
  // Both before the paint: a key pressed on what is seen must mean what is seen, from the first
  // moment on.
  useLayoutEffect(() => {
    current.current = { place, actions };
  });
  useLayoutEffect(() => {
    if (!enabled) return;
    const held = new Map<string, () => void>();
    const down = (event: KeyboardEvent) => {
      if (isShut(event)) return;
      const name = bindings.actionOf(current.current.place, event);
      const action = name ? current.current.actions[name] : undefined;
      if (!name || !action) return;
      event.preventDefault();
      if (event.repeat && !REPEATING.has(name) && !isArrow(event.key)) return;
      if (typeof action === "function") action();
      else {
        action.down();
        held.set(event.code, action.up);
      }
    };
    const up = (event: KeyboardEvent) => {
      held.get(event.code)?.();
      held.delete(event.code);
    };
    const letGo = () => {
      for (const release of held.values()) release();
      held.clear();
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", letGo);
    return () => {
      letGo();
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", letGo);
    };
  }, [enabled]);
}
