import { Link } from "wouter";
import type { Opened } from "../api/types";
import { KeysButton, Who } from "../parts/Frame";
import { Icon } from "../parts/Icon";
import { ThemeSwitch } from "../parts/theme";
import { useQueue } from "../queues/useQueues";
import { Lease } from "../reading/ReadingTop";

/** The top line of an adjudication; without `held` there is nothing to take. */
export function AdjudicationTop({ held }: { held: Opened | null }) {
  const queue = useQueue(held?.queue ?? "");
  const until = held?.state === "open" && held.expires_at ? Date.parse(held.expires_at) : null;
  return (
    <header className="top">
      <Link href="/" className="mark" aria-label="Overread, to the work list">
        <Icon name="mark" />
        <span className="when-wide">Overread</span>
      </Link>
      <span className="v" />
      <Link href="/adjudications" className="row g8 nw md">
        <Icon name="scales" />
        Adjudication
      </Link>
      <span className="s12 t2 nw">{queue.data?.name}</span>
      <span className="sp" />
      <Lease expiresAt={until} />
      <span className="row g8 s12 t2 nw saved" role="status">
        <Icon name={held?.state === "open" ? "keyboard" : "lock"} />
        {held?.state === "open" ? "Kept on this computer" : "Read-only"}
      </span>
      <span className="v" />
      <KeysButton />
      <ThemeSwitch />
      <Who />
    </header>
  );
}
