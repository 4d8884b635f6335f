import {
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Box } from "../api/types";
import { boxBetween } from "./boxes";
import {
  oppositeEdge,
  patientRightEdge,
  type Point,
  scaleOf,
  type Size,
  toImage,
  toStage,
  zoomed,
} from "./geometry";
import { Loupe } from "./Loupe";
import { type Pixels, pixelsOf } from "./pixels";
import type { ViewerControl } from "./useViewer";
import { levelled, windowBy } from "./windowing";

interface StageProps {
  url: string;
  image: Size;
  alt: string;
  control: ViewerControl;
  /** Draws a box instead of changing the window. */
  onDraw: ((box: Box) => void) | null;
  /** R and L are written only where the view is frontal. */
  sides: boolean;
  children: ReactNode;
}

const WHEEL_STEP = 0.0015;

function usePixels(url: string): { pixels: Pixels | null; failed: string } {
  const [loaded, setLoaded] = useState<{ url: string; pixels: Pixels | null; failed: string }>();
  useEffect(() => {
    let wanted = true;
    pixelsOf(url).then(
      (pixels) => wanted && setLoaded({ url, pixels, failed: "" }),
      (error: unknown) => wanted && setLoaded({ url, pixels: null, failed: String(error) }),
    );
    return () => {
      wanted = false;
    };
  }, [url]);
  return loaded?.url === url ? loaded : { pixels: null, failed: "" };
}

function useStageSize(control: ViewerControl) {
  const element = useRef<HTMLDivElement>(null);
  const { change } = control;
  const changed = useRef(change);
  changed.current = change;
  useLayoutEffect(() => {
    const stage = element.current;
    if (!stage) return;
    const measure = () =>
      changed.current({ stage: { width: stage.clientWidth, height: stage.clientHeight } });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(stage);
    return () => observer.disconnect();
  }, []);
  return element;
}

function Picture({
  pixels,
  control,
  alt,
}: {
  pixels: Pixels;
  control: ViewerControl;
  alt: string;
}) {
  const { view, window: levels, inverted, stage } = control.state;
  const canvas = useRef<HTMLCanvasElement>(null);
  const source = useRef<{
    of: Pixels;
    levels: unknown;
    inverted: boolean;
    drawn: CanvasImageSource;
  }>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context) return;
    const last = source.current;
    const stale = last?.of !== pixels || last.levels !== levels || last.inverted !== inverted;
    if (stale) {
      source.current = { of: pixels, levels, inverted, drawn: levelled(pixels, levels, inverted) };
    }
    const ratio = devicePixelRatio;
    canvas.current.width = Math.round(stage.width * ratio);
    canvas.current.height = Math.round(stage.height * ratio);
    const scale = scaleOf(view, pixels, stage) * ratio;
    const centre = toStage({ x: 0.5, y: 0.5 }, view, pixels, stage);
    context.translate(centre.x * ratio, centre.y * ratio);
    context.rotate((view.turns * Math.PI) / 2);
    context.scale(scale, scale);
    context.imageSmoothingQuality = "high";
    if (source.current) {
      context.drawImage(source.current.drawn, -pixels.width / 2, -pixels.height / 2);
    }
  }, [pixels, view, levels, inverted, stage]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={alt}
      style={{ width: stage.width, height: stage.height }}
    />
  );
}

function Sides({ control }: { control: ViewerControl }) {
  const right = patientRightEdge(control.state.view.turns);
  return (
    <>
      <span className={`side at-${right}`} title="The patient's right">
        R
      </span>
      <span className={`side at-${oppositeEdge(right)}`} title="The patient's left">
        L
      </span>
    </>
  );
}

/** The image and what is done to it with the pointer. Boxes lie on top, as children. */
export function Stage({ url, image, alt, control, onDraw, sides, children }: StageProps) {
  const { state, change } = control;
  const { pixels, failed } = usePixels(url);
  const element = useStageSize(control);
  const [pointer, setPointer] = useState<Point | null>(null);
  const [drawing, setDrawing] = useState<{ from: Point; to: Point } | null>(null);
  const latest = useRef(control);
  latest.current = control;

  const pointOf = (event: { clientX: number; clientY: number }): Point => {
    const rect = element.current?.getBoundingClientRect();
    return { x: event.clientX - (rect?.left ?? 0), y: event.clientY - (rect?.top ?? 0) };
  };

  // React listens to the wheel passively; zooming has to keep the page from scrolling.
  useEffect(() => {
    const stage = element.current;
    if (!stage) return;
    const zoom = (event: WheelEvent) => {
      event.preventDefault();
      const rect = stage.getBoundingClientRect();
      const anchor = { x: event.clientX - rect.left, y: event.clientY - rect.top };
      const now = latest.current;
      const factor = Math.exp(-event.deltaY * WHEEL_STEP);
      now.change({ view: zoomed(now.state.view, factor, anchor, image, now.state.stage) });
    };
    stage.addEventListener("wheel", zoom, { passive: false });
    return () => stage.removeEventListener("wheel", zoom);
  }, [element, image]);

  const inImage = (point: Point) => toImage(point, state.view, image, state.stage);

  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button === 2) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = pointOf(event);
    if (onDraw && event.button === 0) setDrawing({ from, to: from });
    else startDrag(event, from);
  };

  const startDrag = (event: PointerEvent<HTMLDivElement>, from: Point) => {
    const target = event.currentTarget;
    const moves = state.tool === "move" || event.button === 1;
    const { view, window: levels } = state;
    const move = (moved: globalThis.PointerEvent) => {
      const to = pointOf(moved);
      const by = { x: to.x - from.x, y: to.y - from.y };
      if (moves) change({ view: { ...view, pan: { x: view.pan.x + by.x, y: view.pan.y + by.y } } });
      else change({ window: windowBy(levels, by.x, by.y), windowChanged: true });
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", () => target.removeEventListener("pointermove", move), {
      once: true,
    });
  };

  const up = () => {
    if (!drawing || !onDraw) return;
    const box = boxBetween(inImage(drawing.from), inImage(drawing.to));
    setDrawing(null);
    if (box) onDraw(box);
  };

  return (
    <div
      ref={element}
      className={`stage ${onDraw ? "drawing" : `tool-${state.tool}`}`}
      onPointerDown={down}
      onPointerMove={(event) => {
        if (state.loupe) setPointer(pointOf(event));
        if (drawing) setDrawing({ ...drawing, to: pointOf(event) });
      }}
      onPointerUp={up}
      onPointerLeave={() => setPointer(null)}
    >
      {pixels ? <Picture pixels={pixels} control={control} alt={alt} /> : null}
      {failed ? (
        <p className="stage-words t2">{failed} The draft and the flags are shown.</p>
      ) : null}
      {children}
      {drawing ? <DrawnBox from={drawing.from} to={drawing.to} stage={state.stage} /> : null}
      {sides ? <Sides control={control} /> : null}
      {state.loupe && pointer && pixels ? (
        <Loupe pixels={pixels} control={control} pointer={pointer} />
      ) : null}
    </div>
  );
}

function DrawnBox({ from, to, stage }: { from: Point; to: Point; stage: Size }) {
  return (
    <svg className="boxes bx-plain" width={stage.width} height={stage.height} aria-hidden="true">
      <rect
        className="bx-line"
        x={Math.min(from.x, to.x)}
        y={Math.min(from.y, to.y)}
        width={Math.abs(from.x - to.x)}
        height={Math.abs(from.y - to.y)}
        strokeWidth={1.5}
        strokeDasharray="6 4"
      />
    </svg>
  );
}
