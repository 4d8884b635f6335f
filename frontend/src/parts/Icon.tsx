import type { ReactNode } from "react";

const HANDLES = (
  <path
    d="M2.5 2.5h2v2h-2zM11.5 2.5h2v2h-2zM2.5 11.5h2v2h-2zM11.5 11.5h2v2h-2z"
    fill="currentColor"
    stroke="none"
  />
);

/** Drawn on a 16 px grid with a 1.5 px line. */
const SHAPES = {
  mark: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M4.5 8.3 7 10.7l4.5-5" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 4.8V8l2.2 1.5" />
    </>
  ),
  check: <path d="m3 8.5 3.2 3L13 4.5" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" />,
  tilde: <path d="M2.5 9c1.5-3 3.5-3 5.5-1s4 2 5.5-1" />,
  bang: (
    <>
      <path d="M8 3v6.5" />
      <circle cx="8" cy="12.7" r=".6" fill="currentColor" />
    </>
  ),
  dot: <circle cx="8" cy="8" r="1.2" fill="currentColor" stroke="none" />,
  dots: <path d="M3 8h.01M8 8h.01M13 8h.01" strokeWidth="2.2" />,
  plus: <path d="M8 3v10M3 8h10" />,
  window: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor" stroke="none" />
    </>
  ),
  move: <path d="M8 2v12M2 8h12M6 4l2-2 2 2M6 12l2 2 2-2M4 6 2 8l2 2M12 6l2 2-2 2" />,
  panes: <path d="M2.5 2.5h11v11h-11zM8 2.5v11" />,
  ruler: (
    <>
      <path d="M1.8 10.8 10.8 1.8l3.4 3.4-9 9z" />
      <path d="m4.5 8.1 1.6 1.6M6.9 5.7l1.6 1.6M9.3 3.3l1.6 1.6" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  fit: <path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3" />,
  invert: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="1" />
      <path d="M2.5 13.5v-11h11z" fill="currentColor" stroke="none" />
    </>
  ),
  rotate: (
    <>
      <path d="M13 8a5 5 0 1 1-1.5-3.6" />
      <path d="M13.2 2v3h-3" />
    </>
  ),
  eye: (
    <>
      <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </>
  ),
  box: (
    <>
      <path d="M3.5 3.5h9v9h-9z" />
      {HANDLES}
    </>
  ),
  list: <path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01" />,
  queue: <path d="m8 2 6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3" />,
  scales: <path d="M8 2v12M4.5 14h7M3 4.5h10M3 4.5 1.2 9h3.6zM13 4.5 11.2 9h3.6z" />,
  release: <path d="m8 1.8 5.5 3v6.4l-5.5 3-5.5-3V4.8zM2.5 4.8 8 8l5.5-3.2M8 8v6.2" />,
  chip: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1" />
      <path d="M6.5 1.5V4M9.5 1.5V4M6.5 12v2.5M9.5 12v2.5M1.5 6.5H4M1.5 9.5H4M12 6.5h2.5M12 9.5h2.5" />
    </>
  ),
  ledger: (
    <>
      <path d="M3 4h10M3 12h6M2 8h12" />
      <path d="m11 10.5 3 3M14 10.5l-3 3" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  keyboard: (
    <>
      <rect x="1.5" y="4" width="13" height="8.5" rx="1" />
      <path d="M4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M5 10h6" />
    </>
  ),
  moon: <path d="M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5z" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1" />
    </>
  ),
  left: <path d="m10 3.5-4.5 4.5 4.5 4.5" />,
  right: <path d="m6 3.5 4.5 4.5-4.5 4.5" />,
  upload: <path d="M8 10.5V3M5 6l3-3 3 3M3 11v2.5h10V11" />,
  download: <path d="M8 3v7.5M5 7.5l3 3 3-3M3 11.5v2h10v-2" />,
  running: <path d="M8 2.25A5.75 5.75 0 1 1 2.25 8" />,
  note: <path d="M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h5" />,
  urgent: (
    <path
      fillRule="evenodd"
      d="M8 1.5 15 14H1zm-.8 4.7v4h1.6v-4zm0 5.1v1.6h1.6v-1.6z"
      fill="currentColor"
      stroke="none"
    />
  ),
  urgent_reported: (
    <>
      <path d="M8 2.3 14.2 13.3H1.8z" />
      <path d="M8 6.5v3.2M8 11.3v.2" />
    </>
  ),
  missing: (
    <>
      <path d="M9 2.5H2.5v11h11V7" />
      <path d="M12 1.5v4M14 3.5h-4" />
    </>
  ),
  unsupported: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="m4 12 8-8" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Decorative always: the word stands beside it or on its button. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
