import { useState } from "react";
import type { Page } from "../api/types";
import { Cap } from "../keys/own";
import { Icon } from "../parts/Icon";

export interface Pages {
  path: string;
  go: (path: string) => void;
}

/** Where the list is. A change of filters begins at the first page again. */
export function usePages(first: string): Pages {
  const [at, setAt] = useState({ first, path: first });
  const path = at.first === first ? at.path : first;
  return { path, go: (next) => setAt({ first, path: next }) };
}

export function Pager({ pages, page }: { pages: Pages; page: Page<unknown> | undefined }) {
  const turn = (to: string | null | undefined) => () => {
    if (to) pages.go(to);
  };
  return (
    <footer className="pager">
      <Cap of="next" />
      <Cap of="previous" /> Row
      <kbd>Enter</kbd> Open
      <Cap of="retry" /> Retry
      <span className="sp" />
      <span className="t3">{page ? `${page.results.length} on this page` : ""}</span>
      <button
        type="button"
        className="ib"
        aria-label="Page before"
        disabled={!page?.previous}
        onClick={turn(page?.previous)}
      >
        <Icon name="left" />
      </button>
      <button
        type="button"
        className="ib"
        aria-label="Next page"
        disabled={!page?.next}
        onClick={turn(page?.next)}
      >
        <Icon name="right" />
      </button>
    </footer>
  );
}
