import type { Box, FlagKind } from "../api/types";
import type { IconName } from "../parts/Icon";

/** A box on the image and what it stands for. The line says who drew it, the kind the rest. */
export interface Mark {
  key: string;
  box: Box;
  /** Solid: the model. Dashed: a reader. Dotted: for reference. */
  line: "solid" | "dashed" | "dotted";
  kind: FlagKind | null;
  /** Ties the box to its flag; null for boxes that are on no flag. */
  card: number | null;
  icon: IconName | null;
  /** Written beside the number when active; always for boxes without a number. */
  words: string;
  active: boolean;
  decided: boolean;
  /** For a screen reader. */
  name: string;
}
