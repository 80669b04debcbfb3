import { readQrCode } from '#libs/testing';

const SCALE = 4;

/** The text of a QR code that was printed with half blocks, read from the picture that a terminal makes of it; null: there is none. */
export function readTerminalQrCode(printed: string): string | null {
  // eslint-disable-next-line no-control-regex -- that is what colours are
  const lines = [...printed.matchAll(/\x1b\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\[0m/g)].map(([, cells]) => cells as string);
  const width = Math.max(0, ...lines.map((line) => line.length)) * SCALE;
  const height = lines.length * 2 * SCALE;
  if (width === 0) return null;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const row = Math.floor(y / SCALE);
      const cell = lines[Math.floor(row / 2)]?.[Math.floor(x / SCALE)];
      const isBlack = cell === '█' || cell === (row % 2 === 0 ? '▀' : '▄');
      if (isBlack) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return readQrCode(pixels, width, height);
}
