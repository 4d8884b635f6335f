import type { Flag, FlagKind } from "../api/types";
import { Icon, type IconName } from "./Icon";

type KindOf = Pick<Flag, "kind"> & Partial<Pick<Flag, "reason" | "reported">>;

export const kindClass = (kind: FlagKind): string => `kind-${kind.toLowerCase()}`;

/** The silhouette of a kind: the same in card, box tag and list. */
export function kindIcon(flag: KindOf): IconName {
  if (flag.kind === "URGENT") return flag.reported === true ? "urgent_reported" : "urgent";
  return flag.kind === "MISSING" ? "missing" : "unsupported";
}

/** What stands behind the kind's name: "not reported", "denied", ... */
export function kindDetail(flag: KindOf): string {
  if (flag.kind === "MISSING") return flag.reason ?? "";
  if (flag.kind === "UNSUPPORTED") return "nothing found on the image";
  if (flag.reported === null || flag.reported === undefined) return "draft not read";
  return flag.reported ? "reported" : "not reported";
}

/** A kind told three ways: silhouette, word, colour. */
export function KindSignal({ flag }: { flag: KindOf }) {
  return (
    <span className={`k ${kindClass(flag.kind)}`}>
      <Icon name={kindIcon(flag)} />
      {flag.kind} <small>{kindDetail(flag)}</small>
    </span>
  );
}
