import type { Audit } from "../api/types";
import { Cap } from "../keys/own";
import { Icon } from "../parts/Icon";
import { count, NOTICE } from "../words";
import type { DrawerName } from "./Drawer";

export interface ItemActions {
  attest: () => void;
  add: () => void;
  submit: () => void;
  skip: () => void;
  undo: () => void;
}

interface FootProps {
  audit: Audit;
  /** Absent when the audit can only be looked at. */
  actions: ItemActions | null;
  attested: boolean;
  left: string;
  busy: boolean;
  onDrawer: (name: DrawerName) => void;
}

function Item({ actions, attested, left, busy }: FootProps & { actions: ItemActions }) {
  return (
    <>
      <div className="row g8">
        <button
          type="button"
          className="chk s12 t2"
          role="checkbox"
          aria-checked={attested}
          onClick={actions.attest}
        >
          <i className="cb">{attested ? <Icon name="check" /> : null}</i>
          Nothing else missed <Cap of="attest" />
        </button>
        <span className="sp" />
        <button type="button" className="row g8 s12 t2" onClick={actions.add}>
          Add a finding <Cap of="add" />
        </button>
      </div>
      <div className="row g8">
        <button
          type="button"
          className={left ? "btn off submit" : "btn go submit"}
          disabled={left !== "" || busy}
          onClick={actions.submit}
        >
          {left || (busy ? "Submitting" : "Submit and next")}
          {left || busy ? null : <kbd>Enter</kbd>}
        </button>
        <button type="button" className="btn q" onClick={actions.skip}>
          Skip <Cap of="skip" />
        </button>
        <button type="button" className="btn q" onClick={actions.undo}>
          Undo <Cap of="undo" />
        </button>
      </div>
    </>
  );
}

function versionsOf({ grounder, parser, policy }: Audit) {
  return (
    <>
      {grounder ? `${grounder.name} ${grounder.version} ` : ""}
      {grounder ? <span className="m">{grounder.hash.slice(0, 7)}</span> : null}
      <span className="when-wide">
        {parser ? ` · ${parser.name} ${parser.version}` : ""}
        {policy ? ` · policy ${policy}` : ""}
      </span>
    </>
  );
}

/** What is left, submit, and what made this audit. The notice is always the last line. */
export function Foot(props: FootProps) {
  const { audit, actions, onDrawer } = props;
  return (
    <>
      <div className="foot">
        {actions ? <Item {...props} actions={actions} /> : null}
        <div className="row g8 s11 t3">
          <button type="button" className="link row g4 nw" onClick={() => onDrawer("outputs")}>
            <Icon name="ledger" />
            {count(audit.ledger.length, "output")} not used
          </button>
          <Cap of="outputs" />
          <span className="sp" />
          <button type="button" className="link nw versions" onClick={() => onDrawer("models")}>
            {versionsOf(audit)}
          </button>
          <Cap of="models" />
        </div>
      </div>
      <p className="notice">{NOTICE}</p>
    </>
  );
}
