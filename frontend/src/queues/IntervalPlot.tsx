import type { Measure } from "../api/types";
import { AXIS_PAD, AXIS_WIDTH, placeOn, ticksOf } from "./axis";

const WIDTH = AXIS_WIDTH + 2 * AXIS_PAD;
const HEIGHT = 34;
const MIDDLE = HEIGHT / 2;

/** The figures over a column of plots. */
export function Axis({ from, scale }: { from: number; scale: 1 | 100 }) {
  const ends = [from, (from + 1) / 2, 1];
  return (
    <svg className="axis" width={WIDTH} height="16" aria-hidden="true">
      {ends.map((at) => (
        <text key={at} x={placeOn(at, from)} y="12" textAnchor="middle">
          {at * scale}
        </text>
      ))}
    </svg>
  );
}

function Whiskers({ low, high, from }: { low: number; high: number; from: number }) {
  const [left, right] = [placeOn(low, from), placeOn(high, from)];
  const ends = `M${left} ${MIDDLE - 3.5}v7M${right} ${MIDDLE - 3.5}v7`;
  return <path className="whiskers" d={`M${left} ${MIDDLE}H${right}${ends}`} />;
}

/** A square at the value, whiskers to the ends of its interval. The numbers stand beside it. */
export function IntervalPlot({ measure, from }: { measure: Measure; from: number }) {
  const { value, low, high } = measure;
  return (
    <svg className="interval" width={WIDTH} height={HEIGHT} aria-hidden="true">
      {ticksOf(from).map((at) => (
        <path key={at} className="tick" d={`M${placeOn(at, from)} 0v${HEIGHT}`} />
      ))}
      {low === null || high === null ? null : <Whiskers low={low} high={high} from={from} />}
      {value === null ? null : (
        <rect x={placeOn(value, from) - 3} y={MIDDLE - 3} width="6" height="6" />
      )}
    </svg>
  );
}
