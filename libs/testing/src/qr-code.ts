import jsqr from 'jsqr';

/** The text of the QR code in a picture, as a phone reads it; null: there is none. @param pixels RGBA */
export function readQrCode(pixels: Uint8ClampedArray, width: number, height: number): string | null {
  return jsqr.default(pixels, width, height)?.data ?? null;
}
