import {
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Box } from "../api/types";
import { boxBetween } from "./boxes";
import { type Point, type QuarterTurns, type Size, toImage, zoomed } from "./geometry";
import { Loupe } from "./Loupe";
import { Picture } from "./Picture";
import { movedPoint } from "./ruler";
import { RulerLayer } from "./RulerLayer";
import { nameOf, sidesOf, sideWords, spacingOf, type Study } from "./study";
import { useImage } from "./useImage";
import type { ViewerControl } from "./useViewer";
import { windowBy } from "./windowing";

interface StageProps {
  of: Study;
  control: ViewerControl;
  /** Draws a box instead of changing the window. */
  onDraw?: ((box: Box) => void) | null;
  /** Said after the image's name, where one image is shown more than once. */
  also?: string;
  /** Boxes, on top of the image. */
  children?: ReactNode;
}

const WHEEL_STEP = 0.0015;

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

function Sides({ of, turns }: { of: Study; turns: QuarterTurns }) {
  return sidesOf(of, turns).map((mark) => (
    <span
      key={mark.edge}
      className={`side-mark at-${mark.edge} ${mark.told ? "told" : ""}`}
      title={sideWords(mark)}
    >
      {mark.letter}
    </span>
  ));
}

/** The image and what is done to it with the pointer. Boxes lie on top, as children. */
export function Stage({ of, control, onDraw = null, also = "", children }: StageProps) {
  const { state, change } = control;
  const { preview, levels, depth, failed } = useImage(of, state.windowChanged);
  const element = useStageSize(control);
  const [pointer, setPointer] = useState<Point | null>(null);
  const [drawing, setDrawing] = useState<{ from: Point; to: Point } | null>(null);
  const latest = useRef(control);
  latest.current = control;
  const { width, height } = of;
  const image = useMemo(() => ({ width, height }), [width, height]);

  // Said to the readout, and to whoever changes the window by key.
  const { state: deep, share, range } = depth;
  useEffect(() => {
    latest.current.change({ depth: { state: deep, share, range } });
  }, [deep, share, range]);

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
  const onImage = (point: Point) => movedPoint(inImage(point), { x: 0, y: 0 });

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
    const { view, window: asked } = state;
    const begin = onImage(from);
    const move = (moved: globalThis.PointerEvent) => {
      const to = pointOf(moved);
      const by = { x: to.x - from.x, y: to.y - from.y };
      if (moves) change({ view: { ...view, pan: { x: view.pan.x + by.x, y: view.pan.y + by.y } } });
      else if (state.tool === "measure") change({ ruler: { from: begin, to: onImage(to) } });
      else {
        const { range: known } = latest.current.state.depth;
        change({ window: windowBy(asked, by.x, by.y, known), windowChanged: true });
      }
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
      {preview ? (
        <Picture
          image={image}
          preview={preview}
          levels={levels}
          state={state}
          alt={nameOf(of, also)}
        />
      ) : null}
      {failed ? <p className="stage-words t2">{failed} Load the page again to retry.</p> : null}
      {children}
      {drawing ? <DrawnBox from={drawing.from} to={drawing.to} stage={state.stage} /> : null}
      <Sides of={of} turns={state.view.turns} />
      {state.ruler ? (
        <RulerLayer
          ruler={state.ruler}
          spacing={spacingOf(of)}
          view={state.view}
          image={image}
          stage={state.stage}
        />
      ) : null}
      {state.loupe && pointer && levels ? (
        <Loupe image={image} levels={levels} state={state} pointer={pointer} />
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
