import type { Decision } from "../api/types";
import { Cap } from "../keys/own";
import { Icon, type IconName } from "../parts/Icon";
import type { CardActions } from "./FlagCard";
import type { Card } from "./flags";
import { LAYER_WORDS, type LayerOfCard, layersOfCard } from "./layers";

type Live = ReadonlyMap<string, Decision>;

function iconOf({ value }: LayerOfCard): IconName {
  if (value === null) return "dot";
  return value ? "check" : "cross";
}

function valueWords({ layer, value }: LayerOfCard): string {
  if (value === null) return "Not said";
  return value ? LAYER_WORDS[layer].yes : LAYER_WORDS[layer].no;
}

interface MoreProps {
  card: Card;
  live: Live;
  decision: Decision | undefined;
  actions: Pick<CardActions, "layers" | "note">;
}

/** The last line of the open card: what the answer says of each layer, and the note on it. */
export function LayersAndNote({ card, live, decision, actions }: MoreProps) {
  const layers = layersOfCard(card, live);
  const note = decision?.comment ?? "";
  const said = layers.map((each) => `${LAYER_WORDS[each.layer].name}: ${valueWords(each)}`);
  return (
    <div className="row g12 s11 t3 fl-more">
      <button
        type="button"
        className="row g8 nw"
        disabled={!decision}
        title={said.join("\n")}
        onClick={actions.layers}
      >
        {layers.map((each) => (
          <span key={each.layer} className={each.byHand ? "row g4 by-hand" : "row g4"}>
            {LAYER_WORDS[each.layer].name}
            <Icon name={iconOf(each)} />
            <span className="hidden">{valueWords(each)}.</span>
          </span>
        ))}
        <Cap of="layers" />
      </button>
      <span className="sp" />
      <button
        type="button"
        className="row g8 note-words"
        disabled={!decision}
        title={note}
        onClick={actions.note}
      >
        <span className={note ? "t2" : ""}>{note || "Note"}</span>
        <Cap of="note" />
      </button>
    </div>
  );
}

/** In the place of the reasons: each layer with its digit. */
export function LayerGrid({
  card,
  live,
  onTurn,
}: Pick<MoreProps, "card" | "live"> & { onTurn: (digit: number) => void }) {
  return (
    <div className="answers">
      <div className="row s11 t3 answers-head">
        <b className="b">What the answer says. A digit changes it</b>
      </div>
      <div className="rs layers">
        {layersOfCard(card, live).map((each, index) => (
          <button key={each.layer} type="button" onClick={() => onTurn(index + 1)}>
            <kbd>{index + 1}</kbd>
            {LAYER_WORDS[each.layer].name}
            <span className="sp" />
            <Icon name={iconOf(each)} />
            <span className="value">{valueWords(each)}</span>
            <span className="t3 whose">{each.byHand ? "by you" : "follows"}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
