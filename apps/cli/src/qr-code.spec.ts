import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { readTerminalQrCode } from '../test/terminal-picture.ts';
import { terminalQrCode } from './qr-code.ts';

describe('a QR code on a terminal', () => {
  it('is read as the link, whatever the link', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, size: 'medium' }), (url) => {
        expect(readTerminalQrCode(terminalQrCode(url))).toBe(url);
      }),
      { numRuns: 30 },
    );
  });

  it('fits into a terminal of 80 columns', () => {
    const lines = terminalQrCode(`https://wx.example.com/authorize/${'x'.repeat(64)}`).split('\n');
    // eslint-disable-next-line no-control-regex -- colours take no place
    const widths = lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, '').length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });
});
