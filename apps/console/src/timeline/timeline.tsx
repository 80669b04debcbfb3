import { memo, useCallback, useEffect, useState, type ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { timelineTexts } from '../i18n/timeline.ts';
import { DomainLink } from '../ui/terms.tsx';
import { localDay, localTime } from '../ui/time.tsx';
import type { ReadableSpan } from './grants.ts';
import { placed, ticksOf, type Band, type Row, type TimelineData } from './bands.ts';

export interface Moment {
  at: number;
  kind: 'from' | 'to';
}

/** Marks of the browser's own clock, for the figure that the browser spec prints: from data to picture. */
export const TIMELINE_DATA = 'wxfleet.timeline.data';
const TIMELINE_DRAWN = 'wxfleet.timeline.drawn';

const LEGEND = [
  ['legend.sure', { className: 'tl-sure' }],
  ['legend.maybe', { fill: 'url(#hatch)' }],
  ['legend.latest', { className: 'tl-latest' }],
  ['legend.unknown', { fill: 'url(#nothing)' }],
] as const;

/** For times between two observations; used as `url(#hatch)`. */
export function HatchPattern(): ReactNode {
  return (
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" className="tl-hatch-bg" />
      <rect width="2.4" height="6" className="tl-hatch" />
    </pattern>
  );
}

/**
 * One band per domain and list on a common axis. Plain SVG with shares of the width instead of pixels: it needs no measuring,
 * prints, and its words can be read by a screen reader and by a test.
 */
export function Timeline({
  data,
  flags,
  moments,
  unknown,
  readable = [],
  onPick,
}: {
  data: TimelineData;
  /** Where something changed; `effective`: what is in force did. */
  flags: readonly { at: number; effective: boolean }[];
  moments: readonly Moment[];
  /** Times of which nothing is known although they lie within the axis. */
  unknown: readonly { from: number; to: number }[];
  /** When the account let its domains be read, and when not. */
  readable?: readonly ReadableSpan[];
  onPick: (at: number) => void;
}): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const { from: start, to: end } = data;
  const share = useCallback((at: number) => ((at - start) / (end - start)) * 100, [start, end]);
  const ticks = ticksOf(start, end, 7);
  const pick = (event: React.MouseEvent) => {
    const band = (event.target as Element).closest('.tl-cell');
    if (!band) return;
    const box = band.getBoundingClientRect();
    onPick(Math.round(start + ((event.clientX - box.left) / box.width) * (end - start)));
  };
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (performance.getEntriesByName(TIMELINE_DATA).length > 0) performance.measure(TIMELINE_DRAWN, TIMELINE_DATA);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  // The moments are drawn by style: a moved slider costs no row its rendering.
  const places = Object.fromEntries(moments.map(({ at, kind }) => [`--tl-${kind}`, `${share(at)}%`]));
  const marked = moments.some(({ kind }) => kind === 'from') ? 'timeline compared' : 'timeline';
  return (
    <div className={marked} style={places} onClick={pick}>
      <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
        <defs>
          <HatchPattern />
          <pattern id="nothing" width="7" height="7" patternUnits="userSpaceOnUse">
            <circle cx="1.500" cy="1.500" r="0.900" className="tl-nothing" />
          </pattern>
        </defs>
      </svg>
      <p className="row small tl-legend">
        {LEGEND.map(([text, look]) => (
          <span key={text}>
            <svg width="22" height="10" aria-hidden="true">
              <rect width="22" height="10" {...look} />
            </svg>{' '}
            {t(text)}
          </span>
        ))}
        <span>
          <svg width="10" height="10" aria-hidden="true">
            <path d="M1 1h7l-2 3 2 3H2v3H1z" className="tl-flag effective" />
          </svg>{' '}
          {t('legend.flag')}
        </span>
      </p>
      <div className="tl-row tl-axis">
        <span />
        <span className="tl-cell">
          <svg role="img" aria-label={t('axis')}>
            {unknown.map(({ from, to }) => (
              <rect
                key={from}
                x={`${share(from)}%`}
                width={`${share(to) - share(from)}%`}
                y="0"
                height="40"
                fill="url(#nothing)"
              >
                <title>{`${t('legend.unknown')} ${localTime(new Date(from).toISOString())} – ${localTime(new Date(to).toISOString())}`}</title>
              </rect>
            ))}
            {ticks.map((at, index) => (
              <g key={at}>
                <line x1={`${share(at)}%`} x2={`${share(at)}%`} y1="26" y2="40" className="tl-tick" />
                <text
                  x={`${share(at)}%`}
                  y="22"
                  className={index % 2 === 1 ? 'tl-label tl-odd' : 'tl-label'}
                  textAnchor={share(at) < 6 ? 'start' : share(at) > 94 ? 'end' : 'middle'}
                >
                  {localDay(at).slice(5)}
                </text>
              </g>
            ))}
            {flags.map(({ at, effective }) => (
              <svg key={at} x={`${share(at)}%`} y="27" overflow="visible">
                <path d="M0 0h8l-2.500 3 2.500 3H1v6H0z" className={`tl-flag ${effective ? 'effective' : ''}`}>
                  <title>{`${localTime(new Date(at).toISOString())} ${effective ? t('flag.effective') : t('flag.configured')}`}</title>
                </path>
              </svg>
            ))}
          </svg>
        </span>
      </div>
      {readable.length > 0 && (
        <div className="tl-row">
          <span className="tl-name">{t('grants')}</span>
          <span className="tl-cell">
            <svg className="tl-band" role="img" aria-label={spokenGrants(readable, t)}>
              {readable
                .filter(({ to }) => to > start)
                .map((span) => (
                  <rect
                    key={span.from}
                    {...placed(span, share)}
                    y="8"
                    height="6"
                    className={span.readable ? 'tl-granted' : 'tl-refused'}
                  >
                    <title>{`${grantText(span, t)} ${localTime(new Date(span.from).toISOString())} – ${localTime(new Date(span.to).toISOString())}`}</title>
                  </rect>
                ))}
            </svg>
          </span>
        </div>
      )}
      {data.bands.map((band) => (
        <BandRows key={`${band.group} ${band.list}`} band={band} share={share} />
      ))}
      {data.bands.length === 0 && <p className="state">{c('none')}</p>}
    </div>
  );
}

const BandRows = memo(function BandRows({ band, share }: { band: Band; share: (at: number) => number }): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const [open, setOpen] = useState(false);
  const rows = open ? [...band.rows, ...band.unchanged] : band.rows;
  return (
    <section aria-label={`${c(`group.${band.group}`)} ${c(`list.${band.list}`)}`}>
      <h3 className="tl-head">
        <span title={`${band.group}.${band.list}`}>
          {c(`group.${band.group}`)} · {c(`list.${band.list}`)}
        </span>
        {band.unchanged.length > 0 && (
          <button className="plain small tl-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? '▾' : '▸'} {t('unchanged', { n: band.unchanged.length })}
          </button>
        )}
      </h3>
      {rows.map((row) => (
        <div className="tl-row" key={row.domain}>
          <span className="tl-name" title={row.domain}>
            <DomainLink domain={row.domain} list={band.list} group={band.group} />
          </span>
          <span className="tl-cell">
            <svg className="tl-band" role="img" aria-label={spoken(row, t)}>
              {row.parts.map(({ kind, from, to }) => (
                <rect
                  key={`${kind}${from}`}
                  {...placed({ from, to }, share)}
                  y="5"
                  height="12"
                  {...(kind === 'maybe' ? { fill: 'url(#hatch)' } : { className: `tl-${kind} ${band.group}` })}
                >
                  <title>{`${t(`legend.${kind}`)} ${localTime(new Date(from).toISOString())} – ${localTime(new Date(to).toISOString())}`}</title>
                </rect>
              ))}
            </svg>
          </span>
        </div>
      ))}
    </section>
  );
});

type Say = (key: keyof typeof timelineTexts, values?: Record<string, string>) => string;

function grantText({ readable, state }: ReadableSpan, t: Say): string {
  return readable ? t('grants.readable') : t(state === 'authorized' ? 'grants.lacks' : `grants.${state}`);
}

function spokenGrants(spans: readonly ReadableSpan[], t: Say): string {
  const said = spans.map((span) => `${grantText(span, t)} ${localTime(new Date(span.from).toISOString())}`);
  return `${t('grants')}: ${said.join('; ')}`;
}

function spoken(row: Row, t: Say): string {
  const times = row.parts
    .filter(({ kind }) => kind === 'sure')
    .map(({ from, to }) =>
      t('spoken', { from: localTime(new Date(from).toISOString()), to: localTime(new Date(to).toISOString()) }),
    );
  return `${row.domain}: ${times.join('; ')}${row.present ? ` ${t('spoken.present')}` : ''}`;
}
