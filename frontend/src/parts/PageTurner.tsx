import type { Page } from "../api/types";
import { Icon } from "./Icon";

interface PageTurnerProps {
  page: Page<unknown> | undefined;
  onTurn: (address: string) => void;
}

/** The foot of a list that comes page by page. */
export function PageTurner({ page, onTurn }: PageTurnerProps) {
  const turns = [
    ["Page before", "left", page?.previous],
    ["Next page", "right", page?.next],
  ] as const;
  return (
    <footer className="pager">
      <span className="sp" />
      <span className="t3">{page ? `${page.results.length} on this page` : ""}</span>
      {turns.map(([words, icon, address]) => (
        <button
          key={words}
          type="button"
          className="ib"
          aria-label={words}
          disabled={!address}
          onClick={() => address && onTurn(address)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </footer>
  );
}
