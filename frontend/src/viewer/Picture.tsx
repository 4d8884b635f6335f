import { useLayoutEffect, useMemo, useRef } from "react";
import type { Size } from "./geometry";
import { paint, paintPreview, Scratch } from "./paint";
import type { Preview } from "./pixels";
import type { Shown } from "./useImage";
import type { ViewerState } from "./useViewer";
import { colourTable, EIGHT_BIT, isFull, type Range } from "./windowing";

interface PictureProps {
  image: Size;
  preview: Preview;
  levels: Shown["levels"];
  state: Pick<ViewerState, "view" | "window" | "inverted" | "stage">;
  alt: string;
}

/** The colours of a window, made anew only when it changes. */
export function useTable(
  { window: levels, inverted }: Pick<ViewerState, "window" | "inverted">,
  range: Range,
): Uint32Array {
  return useMemo(() => colourTable(levels, inverted, range), [levels, inverted, range]);
}

/** The image on its canvas: as it came until a window is asked for, then through the window. */
export function Picture({ image, preview, levels, state, alt }: PictureProps) {
  const { view, stage, window: asked, inverted } = state;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scratch = useRef<Scratch>(null);
  const table = useTable(state, levels ?? EIGHT_BIT);
  // Grays that come while the image is shown as it came change nothing, so nothing is drawn anew.
  const asItCame = isFull(asked) && !inverted && (!levels || levels.greatest === 255);
  const latest = useRef(levels);
  latest.current = levels;
  const source = asItCame ? null : levels;
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d", { alpha: false });
    if (!element || !context) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(stage.width * ratio), Math.round(stage.height * ratio)];
    // To set a size clears the canvas and allots it anew, even the same size.
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    const place = { view, stage, image, ratio };
    const drawn = source ?? latest.current;
    if (!drawn) return paintPreview(context, preview.bitmap, place);
    scratch.current ??= new Scratch();
    paint(context, drawn, table, place, scratch.current);
  }, [image, preview, source, table, view, stage]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={alt}
      style={{ width: stage.width, height: stage.height }}
    />
  );
}
