import { useState } from "react";
import { Icon } from "./Icon";

export type Theme = "dark" | "light";

const KEY = "overread.theme";

function storedTheme(): Theme | null {
  const stored = localStorage.getItem(KEY);
  return stored === "dark" || stored === "light" ? stored : null;
}

function systemTheme(): Theme {
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

/** Sets the theme before the first paint: the reader's choice, else the system's. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = storedTheme() ?? systemTheme();
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(storedTheme() ?? systemTheme());
  const other: Theme = theme === "dark" ? "light" : "dark";
  const name =
    other === "dark" ? "Reading Room, the dark theme" : "Clinical Light, the light theme";
  const change = () => {
    localStorage.setItem(KEY, other);
    applyTheme();
    setTheme(other);
  };
  return (
    <button
      type="button"
      className="ib"
      aria-label={`Change to ${name}`}
      title={name}
      onClick={change}
    >
      <Icon name={theme === "dark" ? "moon" : "sun"} />
    </button>
  );
}
