import type { ReactNode } from 'react';

/** Line icons on a grid of 18; drawn here, because an icon library would weigh more than all pages together. */
const PATHS = {
  overview: 'M3 9.5 9 4l6 5.5M5 8.5V15h8V8.5',
  connect: 'M7 11 11 7M6 8 4.5 9.5a3 3 0 0 0 4 4L10 12M8 6l1.5-1.5a3 3 0 0 1 4 4L12 10',
  programs: 'M4 4h4v4H4zM10 4h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4z',
  links: 'M4 4h4v4H4zM10 4h4v4h-4zM4 10h4v4H4zM10.5 10.5h1M13.5 10.5v1M10.5 13.5h3',
  permissions: 'M9 3 4 5v4c0 3 2 5 5 6 3-1 5-3 5-6V5zM7 9l1.5 1.5L11.5 7.5',
  domain:
    'M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM3.5 9h11M9 3c2 2 2.500 4 2.500 6S11 13 9 15C7 13 6.500 11 6.500 9S7 5 9 3z',
  changes: 'M4 6h9l-2.500-2.500M14 12H5l2.500 2.500',
  risks: 'M9 3.500 15.500 14.500h-13zM9 8v3M9 12.800v.200',
  addresses: 'M4 4h10v3H4zM4 11h10v3H4zM6 5.500h.100M6 12.500h.100M9 7v4',
  events: 'M10 3 5 10h4l-1 5 5-7H9z',
  jobs: 'M9 3a6 6 0 1 0 6 6M9 6v3l2 1.500M12 3.500l2.500 2.500',
  access: 'M6.500 7.500a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0M4 15c.500-3 2.500-4 5-4s4.500 1 5 4',
  audit: 'M5 3h6l3 3v9H5zM7 8h4M7 11h4',
  menu: 'M3 5h12M3 9h12M3 13h12',
  help: 'M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM7.200 7.200A1.900 1.900 0 1 1 9 9.600v.700M9 12.300v.200',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      aria-hidden="true"
    >
      <path d={PATHS[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export function Logo({ size = 24 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="#0958d9" />
      <path
        d="M5 8l3 8 4-6 4 6 3-8"
        fill="none"
        stroke="#fff"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
