/** What the viewer asks to know of the image it shows; a case and a prior of the API have it. */
import type { Pictured } from "./pixels";
import type { Spacing } from "./ruler";

export interface Study extends Pictured {
  code: string;
  view: string;
}

/** R and L are written only where the view is frontal. */
export const isFrontal = ({ view }: Study): boolean => view !== "LATERAL";

export const nameOf = ({ code }: Study, also = ""): string => `Chest X-ray ${code}${also}`;

/** For the ruler; null where it is not known. */
export const spacingOf = (_study: Study): Spacing | null => null;
