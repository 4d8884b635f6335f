import { useState } from "react";
import type { Audit } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { useViewer } from "../viewer/useViewer";
import { DraftAndFlags } from "./DraftAndFlags";
import { ImagePane } from "./ImagePane";
import { placeOf } from "./mode";
import { ReadingTop } from "./ReadingTop";
import { useBoxKeys } from "./useBoxKeys";
import type { ClaimState } from "./useClaim";
import { useItem } from "./useItem";
import { usePrior } from "./usePrior";
import { useRead } from "./useRead";
import { useRoom } from "./useRoom";

/** The image beside the draft and its flags: where a read is made. */
export function ReadingRoom({ audit, claim }: { audit: Audit; claim: ClaimState }) {
  const viewer = useViewer(audit.case);
  // Asked for after the claim, so that nothing of the item itself waits for it.
  const prior = usePrior(audit.case, viewer, claim.slot !== null || claim.readOnly !== "");
  const [lit, setLit] = useState<number | null>(null);
  const seen = { boxes: true, window_changed: viewer.state.windowChanged };
  const read = useRead(audit, claim.slot, seen);
  const item = useItem(claim.slot, claim.queue);
  const held = claim.slot !== null && read.entry.trouble !== "lease_taken";
  const room = useRoom({ audit, read, item, held });
  const box = room.mode.name === "editing" ? room.mode.box : null;
  const boxKeys = useBoxKeys(box, room.setBox);

  useKeysOf("reading");
  useKeys(placeOf(room.mode), { ...prior.actions, ...boxKeys, ...room.keys });

  const shared = { audit, read, room, held, lit, onLight: setLit };
  return (
    <>
      <ReadingTop
        queue={claim.queue}
        of={audit.case}
        expiresAt={claim.expiresAt}
        entry={claim.slot ? read.entry : null}
      />
      <main className="wrap">
        <ImagePane {...shared} viewer={viewer} prior={prior} />
        <DraftAndFlags {...shared} claim={claim} item={item} />
      </main>
    </>
  );
}
