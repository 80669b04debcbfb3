import { useRef, useState, type ReactNode } from 'react';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { localDay, localTime } from './time.tsx';

const texts = {
  table: ['以表格查看', 'As a table'],
  day: ['日期', 'Day'],
  value: ['数量', 'Count'],
  select: ['拖动选择一段日期', 'Drag over the days to choose a span'],
} as const;

/** The numbers of a chart as a table, folded away. */
function Numbers({
  unit,
  names,
  rows,
}: {
  unit: string;
  names: readonly string[];
  rows: readonly { key: string; name: string; counts: readonly number[]; choose?: () => void }[];
}): ReactNode {
  const t = useTexts(texts);
  return (
    <details className="small">
      <summary>{t('table')}</summary>
      <table className="data small">
        <thead>
          <tr>
            <th>{unit}</th>
            {names.map((name) => (
              <th key={name} className="right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, counts, choose }) => (
            <tr key={key}>
              <td>
                {choose ? (
                  <button className="plain" onClick={choose}>
                    {name}
                  </button>
                ) : (
                  name
                )}
              </td>
              {counts.map((count, at) => (
                <td key={names[at]} className="right num">
                  {formatNumber(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export interface DayCount {
  /** `2026-11-02` */
  day: string;
  count: number;
}

/** A bar for each day. Dragging over some chooses them; the same numbers are there as a table. */
export function DayBars({
  label,
  days,
  onChoose,
}: {
  label: string;
  days: readonly DayCount[];
  onChoose: (firstDay: string, lastDay: string) => void;
}): ReactNode {
  const t = useTexts(texts);
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  const max = Math.max(1, ...days.map(({ count }) => count));
  const width = 100 / days.length;
  const indexAt = (x: number) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return 0;
    return Math.min(days.length - 1, Math.max(0, Math.floor(((x - box.left) / box.width) * days.length)));
  };
  const low = drag ? Math.min(drag.start, drag.end) : -1;
  const high = drag ? Math.max(drag.start, drag.end) : -1;
  return (
    <figure className="chart">
      <svg
        ref={svg}
        height="132"
        width="100%"
        role="img"
        aria-label={`${label}. ${t('select')}`}
        style={{ touchAction: 'pan-y', cursor: 'crosshair' }}
        onPointerDown={(event) => {
          const at = indexAt(event.clientX);
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ start: at, end: at });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, end: indexAt(event.clientX) })}
        onPointerUp={() => {
          const [first, last] = [days[low], days[high]];
          setDrag(null);
          if (first && last) onChoose(first.day, last.day);
        }}
      >
        {days.map(({ day, count }, index) => {
          const height = count === 0 ? 0 : Math.max(2, (count / max) * 96);
          return (
            <g key={day}>
              {index >= low && index <= high && (
                <rect x={`${index * width}%`} width={`${width}%`} y="0" height="110" className="chart-brush" />
              )}
              <rect
                x={`${(index + 0.14) * width}%`}
                width={`${width * 0.72}%`}
                y={110 - height}
                height={height}
                rx="1.500"
                className="chart-bar"
              >
                <title>{`${day}: ${formatNumber(count)}`}</title>
              </rect>
              <rect x={`${index * width}%`} width={`${width}%`} y="0" height="110" fill="transparent">
                <title>{`${day}: ${formatNumber(count)}`}</title>
              </rect>
              {index % Math.ceil(days.length / 6) === 0 && (
                <text
                  x={`${(index + 0.5) * width}%`}
                  y="126"
                  className="tl-label"
                  textAnchor={index === 0 ? 'start' : 'middle'}
                >
                  {day.slice(5)}
                </text>
              )}
            </g>
          );
        })}
        <line x1="0" x2="100%" y1="110.500" y2="110.500" className="chart-axis" />
        <text x="0" y="10" className="tl-label">
          {formatNumber(max)}
        </text>
      </svg>
      <Numbers
        unit={t('day')}
        names={[t('value')]}
        rows={days.map(({ day, count }) => ({
          key: day,
          name: day,
          counts: [count],
          choose: () => onChoose(day, day),
        }))}
      />
    </figure>
  );
}

/** Counts on top of each other, a bar for each stretch of time; the same numbers are there as a table. */
export function StackedBars({
  label,
  unit,
  parts,
  bars,
}: {
  label: string;
  /** What a bar stands for. */
  unit: string;
  parts: readonly { name: string; tone: 'good' | 'warn' | 'bad' }[];
  /** Oldest first; a count for each part. */
  bars: readonly { name: string; counts: readonly number[] }[];
}): ReactNode {
  const totals = bars.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const max = Math.max(1, ...totals);
  const width = 100 / bars.length;
  return (
    <figure className="chart">
      <p className="row small tl-legend" style={{ padding: 0 }}>
        {parts.map(({ name, tone }, at) => (
          <span key={name}>
            <i className={`dot ${tone}`} /> {name}{' '}
            <b className="num">{formatNumber(bars.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0))}</b>
          </span>
        ))}
      </p>
      <svg height="112" width="100%" role="img" aria-label={label}>
        {bars.map(({ name, counts }, index) => {
          let below = 0;
          return (
            <g key={name}>
              {counts.map((count, at) => {
                const height = (count / max) * 80;
                below += height;
                return (
                  <rect
                    key={parts[at]?.name}
                    x={`${(index + 0.14) * width}%`}
                    width={`${width * 0.72}%`}
                    y={90 - below}
                    height={height}
                    className={`chart-${parts[at]?.tone}`}
                  />
                );
              })}
              <rect x={`${index * width}%`} width={`${width}%`} y="0" height="90" fill="transparent">
                <title>{`${name}\n${parts.map((part, at) => `${part.name} ${formatNumber(counts[at] ?? 0)}`).join('\n')}`}</title>
              </rect>
              {index % Math.ceil(bars.length / 6) === 0 && (
                <text
                  x={`${(index + 0.5) * width}%`}
                  y="106"
                  className="tl-label"
                  textAnchor={index === 0 ? 'start' : 'middle'}
                >
                  {name}
                </text>
              )}
            </g>
          );
        })}
        <line x1="0" x2="100%" y1="90.500" y2="90.500" className="chart-axis" />
        <text x="0" y="10" className="tl-label">
          {formatNumber(max)}
        </text>
      </svg>
      <Numbers
        unit={unit}
        names={parts.map(({ name }) => name)}
        rows={bars.map(({ name, counts }) => ({ key: name, name, counts }))}
      />
    </figure>
  );
}

export interface SpreadPoint {
  at: string;
  covered: number;
  missing: number;
}

/** How many had a domain over time: the part that has it from below, the rest above, and what was not known stays white. */
export function SpreadChart({
  label,
  points,
  names,
}: {
  label: string;
  points: readonly SpreadPoint[];
  names: [string, string];
}): ReactNode {
  const t = useTexts(texts);
  const max = Math.max(1, ...points.map(({ covered, missing }) => covered + missing));
  const x = (index: number) => (index / Math.max(1, points.length - 1)) * 1000;
  const y = (value: number) => 150 - (value / max) * 140;
  const area = (low: (point: SpreadPoint) => number, high: (point: SpreadPoint) => number) => {
    const top = points.map((point, index) => `${x(index)},${y(high(point))}`);
    const bottom = points.map((point, index) => `${x(index)},${y(low(point))}`).reverse();
    return `M${[...top, ...bottom].join('L')}Z`;
  };
  return (
    <figure className="chart">
      <p className="row small tl-legend" style={{ padding: 0 }}>
        <span>
          <i className="dot good" /> {names[0]}
        </span>
        <span>
          <i className="dot bad" /> {names[1]}
        </span>
      </p>
      <svg viewBox="0 0 1000 160" preserveAspectRatio="none" height="160" width="100%" role="img" aria-label={label}>
        <path
          d={area(
            () => 0,
            ({ covered }) => covered,
          )}
          className="chart-good"
        />
        <path
          d={area(
            ({ covered }) => covered,
            ({ covered, missing }) => covered + missing,
          )}
          className="chart-bad"
        />
        {points.map((point, index) => (
          <rect
            key={point.at}
            x={x(index) - 500 / points.length}
            width={1000 / points.length}
            y="0"
            height="160"
            fill="transparent"
          >
            <title>{`${localTime(point.at)}\n${names[0]} ${formatNumber(point.covered)}\n${names[1]} ${formatNumber(point.missing)}`}</title>
          </rect>
        ))}
      </svg>
      <div className="row between small muted num">
        <span>{points[0] && localDay(points[0].at)}</span>
        <span>{points.at(-1) && localDay(points.at(-1)?.at ?? '')}</span>
      </div>
      <Numbers
        unit={t('day')}
        names={names}
        rows={points.map(({ at, covered, missing }) => ({ key: at, name: localTime(at), counts: [covered, missing] }))}
      />
    </figure>
  );
}
