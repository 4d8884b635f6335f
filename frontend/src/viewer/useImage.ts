import { useEffect, useState } from "react";
import type { Levels } from "./levels";
import { depthOf, type Pictured, type Preview, previewHere, previewOf } from "./pixels";
import { EIGHT_BIT, type Range } from "./windowing";

/** What is here of an image: the preview first, its grays, then the full depth once it is wanted. */
export interface Shown {
  preview: Preview | null;
  /** What windows are applied to: the full depth, or the preview's grays until it is there. */
  levels: Levels | null;
  depth: Depth;
  /** Why there is no image at all. */
  failed: string;
}

/** How deep the image is that is shown, for the readout and for how far a window can go. */
export interface Depth {
  state: "8-bit" | "preview" | "loading" | "full" | "failed";
  /** How much of the full depth is here, 0..1. */
  share: number;
  range: Range;
}

export const NO_DEPTH: Depth = { state: "8-bit", share: 0, range: EIGHT_BIT };

interface Loaded {
  of: string;
  preview: Preview | null;
  grays: Levels | null;
  deep: Levels | null;
  share: number | null;
  failed: string;
  deepFailed: boolean;
}

const beginningOf = (of: string): Loaded => ({
  of,
  preview: previewHere(of),
  grays: previewHere(of)?.ready ?? null,
  deep: null,
  share: null,
  failed: "",
  deepFailed: false,
});

function depthOfLoaded({ pixels_url }: Pictured, { deep, share, deepFailed }: Loaded): Depth {
  if (pixels_url === null) return NO_DEPTH;
  if (deep) return { state: "full", share: 1, range: deep };
  if (deepFailed) return { ...NO_DEPTH, state: "failed" };
  return { ...NO_DEPTH, state: share === null ? "preview" : "loading", share: share ?? 0 };
}

/** `windowed`: a window was asked for, so that the full depth is worth its bytes. */
export function useImage(of: Pictured, windowed: boolean): Shown {
  const { image_url, pixels_url } = of;
  const [loaded, setLoaded] = useState(() => beginningOf(image_url));

  useEffect(() => {
    let wanted = true;
    const put = (part: Partial<Loaded>) => {
      if (!wanted) return;
      setLoaded((now) => ({ ...(now.of === image_url ? now : beginningOf(image_url)), ...part }));
    };
    previewOf(image_url).then(
      (preview) => {
        put({ preview, grays: preview.ready });
        preview.grays.then(
          (grays) => put({ grays }),
          (error: Error) => put({ failed: error.message }),
        );
      },
      (error: unknown) => put({ failed: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [image_url]);

  useEffect(() => {
    if (!windowed || pixels_url === null) return;
    let wanted = true;
    const put = (part: Partial<Loaded>) => {
      if (wanted) setLoaded((now) => ({ ...now, ...part }));
    };
    put({ share: 0, deepFailed: false });
    depthOf(pixels_url, (share) => put({ share })).then(
      (deep) => put({ deep }),
      () => put({ deepFailed: true }),
    );
    return () => {
      wanted = false;
    };
  }, [windowed, pixels_url]);

  const own = loaded.of === image_url ? loaded : beginningOf(image_url);
  return {
    preview: own.preview,
    levels: own.deep ?? own.grays,
    depth: depthOfLoaded(of, own),
    failed: own.failed,
  };
}
