import { encodeQR } from 'qr';

/** Black on white whatever the colours of the terminal: phones do not read the reverse. */
const COLOURS = '\x1b[38;5;16;48;5;231m';
const END = '\x1b[0m';
/** Modules of white around it (ISO/IEC 18004). */
const BORDER = 4;

/** A QR code for a terminal: one character for two modules, one above the other. Lines without the last line break. */
export function terminalQrCode(text: string): string {
  const rows = encodeQR(text, 'raw', { border: BORDER, ecc: 'medium' });
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    const cells = (rows[y] as boolean[]).map((upper, x) => {
      const lower = rows[y + 1]?.[x] ?? false;
      if (upper) return lower ? '█' : '▀';
      return lower ? '▄' : ' ';
    });
    lines.push(COLOURS + cells.join('') + END);
  }
  return lines.join('\n');
}
