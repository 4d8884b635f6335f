/** Draws what is seen of an image under a window. Its cost goes with the screen, not the image. */
import { type Point, scaleOf, type Size, toImage, toStage, type View } from "./geometry";
import type { Level, Levels } from "./levels";

interface Place {
  view: View;
  stage: Size;
  image: Size;
  /** Canvas pixels a stage pixel. */
  ratio: number;
}

/** The part of the image on the stage, in fractions of it. */
function seenOf({ view, stage, image }: Place): { from: Point; to: Point } {
  const corners = [
    { x: 0, y: 0 },
    { x: stage.width, y: stage.height },
  ].map((corner) => toImage(corner, view, image, stage));
  const at = (pick: (point: Point) => number) => corners.map(pick).sort((a, b) => a - b);
  const [left = 0, right = 1] = at(({ x }) => x);
  const [top = 0, bottom = 1] = at(({ y }) => y);
  return { from: { x: left, y: top }, to: { x: right, y: bottom } };
}

/** The smallest level that still has a pixel for each of the canvas. */
export function levelFor(levels: readonly Level[], scale: number): Level {
  const halvings = Math.max(0, Math.floor(Math.log2(1 / scale)));
  const level = levels[Math.min(halvings, levels.length - 1)];
  if (!level) throw new Error("An image has at least one level.");
  return level;
}

/** Room for the coloured part, kept from frame to frame: to allot it costs more than to fill it. */
export class Scratch {
  private canvas = new OffscreenCanvas(1, 1);
  private image: ImageData | null = null;

  /** The part of the level that begins at `left`, `top`, in the table's colours. */
  coloured(level: Level, left: number, top: number, size: Size, table: Uint32Array) {
    const { width, height } = size;
    if (this.canvas.width !== width || this.canvas.height !== height || !this.image) {
      this.canvas = new OffscreenCanvas(width, height);
      this.image = new ImageData(width, height);
    }
    const out = new Uint32Array(this.image.data.buffer);
    const { values } = level;
    for (let y = 0, at = 0; y < height; y += 1) {
      let from = (top + y) * level.width + left;
      for (const end = at + width; at < end; at += 1, from += 1) {
        out[at] = table[values[from] as number] as number;
      }
    }
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("This browser gives no 2D canvas.");
    context.putImageData(this.image, 0, 0);
    return this.canvas;
  }
}

/** Turns and moves the canvas so that the image, `scale` big, is drawn about its own middle. */
function place(context: CanvasRenderingContext2D, { view, stage, image, ratio }: Place) {
  const centre = toStage({ x: 0.5, y: 0.5 }, view, image, stage);
  const scale = scaleOf(view, image, stage) * ratio;
  context.resetTransform();
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.translate(centre.x * ratio, centre.y * ratio);
  context.rotate((view.turns * Math.PI) / 2);
  context.scale(scale, scale);
  context.translate(-image.width / 2, -image.height / 2);
}

/** The preview as it came, whole. */
export function paintPreview(
  context: CanvasRenderingContext2D,
  bitmap: ImageBitmap,
  at: Place,
): void {
  place(context, at);
  context.imageSmoothingQuality = "medium";
  context.drawImage(bitmap, 0, 0, at.image.width, at.image.height);
}

/** What is seen of the image, each value in its colour. */
export function paint(
  context: CanvasRenderingContext2D,
  { levels }: Pick<Levels, "levels">,
  table: Uint32Array,
  at: Place,
  scratch: Scratch,
): void {
  const { view, stage, image, ratio } = at;
  place(context, at);
  const level = levelFor(levels, scaleOf(view, image, stage) * ratio);
  const { from, to } = seenOf(at);
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  // One pixel more on each side, so that the smoothing at the stage's edge has its neighbours.
  const left = within(Math.floor(from.x * level.width) - 1, level.width);
  const top = within(Math.floor(from.y * level.height) - 1, level.height);
  const width = within(Math.ceil(to.x * level.width) + 1, level.width) - left;
  const height = within(Math.ceil(to.y * level.height) + 1, level.height) - top;
  if (width <= 0 || height <= 0) return;
  const part = scratch.coloured(level, left, top, { width, height }, table);
  const [x, y] = [image.width / level.width, image.height / level.height];
  context.imageSmoothingQuality = "low";
  context.drawImage(part, left * x, top * y, width * x, height * y);
}
