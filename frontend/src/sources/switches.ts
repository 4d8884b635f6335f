import type { Source } from "../api/types";

interface Switch {
  name: {
    [Name in keyof Source]: Source[Name] extends boolean ? Name : never;
  }[keyof Source];
  words: string;
  /** What happens while it is off. */
  off: string;
}

/** What a source's terms allow; each is off until somebody who read them says otherwise. */
export const SWITCHES: readonly Switch[] = [
  { name: "pixels_redistributable", words: "Images", off: "A script stands in for them" },
  { name: "text_redistributable", words: "Text", off: "Labels and offsets only, no words" },
  { name: "boxes_redistributable", words: "Boxes", off: "None leaves, whoever drew it" },
  { name: "commercial_use", words: "Commercial use", off: "The data set says it is not allowed" },
];
