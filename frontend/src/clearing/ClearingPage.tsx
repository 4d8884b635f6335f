import { type ReactNode, useEffect, useRef, useState } from "react";
import type { CaseDetail } from "../api/types";
import { Cap } from "../keys/own";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { count } from "../words";
import { useDecide, useWaiting, type Waits } from "./useClearing";
import "../styles/clearing.css";

/** One thing to look at: a picture, or the words of a draft. */
interface Item {
  id: string;
  of: CaseDetail;
  /** Where to say that it names nobody. */
  address: string;
  note: string;
  body: ReactNode;
}

interface Room {
  active: Item | undefined;
  /** The item whose withdrawal was asked for once: it is for good, so it is asked twice. */
  asked: string | null;
  busy: boolean;
  clear: (item: Item) => void;
  withdraw: (item: Item) => void;
}

const pictureOf = (of: CaseDetail): Item => ({
  id: of.id,
  of,
  address: `cases/${of.id}/clear-burned-in`,
  note: "Something looks like text",
  body: <img src={of.image_url} alt={`Chest X-ray ${of.code}`} loading="lazy" />,
});

const foundWords = (scrubbed: Record<string, number> | null): string =>
  scrubbed === null
    ? "Never looked through"
    : `Taken out: ${Object.entries(scrubbed)
        .map(([kind, n]) => count(n, kind))
        .join(", ")}`;

const draftsOf = (of: CaseDetail): Item[] =>
  of.drafts
    .filter((draft) => draft.scrub_state === "suspected")
    .map((draft) => ({
      id: draft.id,
      of,
      address: `drafts/${draft.id}/clear`,
      note: foundWords(draft.scrubbed),
      body: <p className="clearing-text">{draft.text}</p>,
    }));

function ItemCard({ item, room }: { item: Item; room: Room }) {
  const active = item.id === room.active?.id;
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <article
      ref={element}
      className={`card clearing-item ${active ? "sel" : ""}`}
      aria-label={`Case ${item.of.code}`}
      aria-current={active ? "true" : undefined}
    >
      {item.body}
      <div className="row g8">
        <b>{item.of.code}</b>
        <span className="t2">{item.note}</span>
        <span className="sp" />
        <button
          type="button"
          className="btn sm"
          disabled={room.busy}
          onClick={() => room.withdraw(item)}
        >
          {room.asked === item.id ? "Withdraw for good?" : "It names somebody"}
          {active ? <Cap of="withdraw" /> : null}
        </button>
        <button
          type="button"
          className="btn sm"
          disabled={room.busy}
          onClick={() => room.clear(item)}
        >
          It names nobody {active ? <Cap of="clear" /> : null}
        </button>
      </div>
    </article>
  );
}

interface ListProps {
  name: string;
  heading: string;
  waits: Waits;
  items: Item[];
  room: Room;
}

function List({ name, heading, waits, items, room }: ListProps) {
  return (
    <section aria-label={name}>
      <h2>{heading}</h2>
      <Faults faults={[[`${name} could not be loaded`, waits.error, () => void waits.refetch()]]} />
      {items.map((item) => (
        <ItemCard key={item.id} item={item} room={room} />
      ))}
      {waits.data && items.length === 0 ? <Empty title="Nothing waits here" /> : null}
      {waits.data?.next ? <p className="t2">More come when these are done.</p> : null}
    </section>
  );
}

/** What a curator has to look at before it may leave in a release. */
export default function ClearingPage() {
  const pictures = useWaiting("picture");
  const drafts = useWaiting("draft");
  const decide = useDecide();
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const seen = (pictures.data?.results ?? []).map(pictureOf);
  const told = (drafts.data?.results ?? []).flatMap(draftsOf);
  const items = [...seen, ...told];
  const at = Math.max(
    0,
    items.findIndex((item) => item.id === chosen),
  );
  const step = (by: number) => {
    setChosen(items[Math.min(items.length - 1, Math.max(0, at + by))]?.id ?? null);
    setAsked(null);
  };
  // What comes after the one in hand is the next in hand, wherever the lists move.
  const settle = (item: Item, address: string, body?: object) => {
    const place = items.findIndex(({ id }) => id === item.id);
    setChosen((items[place + 1] ?? items[place - 1])?.id ?? null);
    setAsked(null);
    decide.mutate(body ? { address, body } : { address });
  };
  const room: Room = {
    active: items[at],
    asked,
    busy: decide.isPending,
    clear: (item) => settle(item, item.address),
    withdraw: (item) =>
      asked === item.id
        ? settle(item, `cases/${item.of.id}/withdraw`, { reason: "identity_found" })
        : setAsked(item.id),
  };
  const inHand = (act: (item: Item) => void) => () => {
    if (room.active && !room.busy) act(room.active);
  };
  useKeysOf("clearing");
  useKeys("clearing", {
    next: () => step(1),
    previous: () => step(-1),
    clear: inHand(room.clear),
    withdraw: inHand(room.withdraw),
  });
  return (
    <Frame>
      <div className="ph">
        <h1>Clearing</h1>
        <span className="t2">
          Nothing here leaves in a release until somebody has looked at it.
        </span>
      </div>
      <Faults faults={[["The decision was not stored", decide.error, () => decide.reset()]]} />
      <div className="scroll clearing">
        <List
          name="Pictures"
          heading="Pictures that may hold text"
          waits={pictures}
          items={seen}
          room={room}
        />
        <List
          name="Drafts"
          heading="Drafts from which something was taken out"
          waits={drafts}
          items={told}
          room={room}
        />
      </div>
    </Frame>
  );
}
