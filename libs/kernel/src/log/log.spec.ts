import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Log } from './log.ts';
import { Secret } from '../sealing/secret.ts';

describe('Log and Secret', () => {
  it('never print a secret, however it is passed', () => {
    const lines: string[] = [];
    const log = new Log('debug', (line) => lines.push(line));
    const secret = new Secret('s3cr3t-value');
    log.info('a', { secret, nested: { deep: [secret] }, text: `${secret.toString()}` });
    log.info('b', { access_token: 's3cr3t-value', appsecret: 's3cr3t-value', component_verify_ticket: 's3cr3t-value' });
    log.child({ encoding_aes_key: 's3cr3t-value' }).warn('c', { error: new Error('x', { cause: new Error('y') }) });
    expect(lines.join('\n')).not.toContain('s3cr3t-value');
    expect(
      [String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ secret }, { showHidden: true })].join(),
    ).not.toContain('s3cr3t');
    expect(JSON.parse(lines[2] as string)).toMatchObject({
      event: 'c',
      level: 'warn',
      error: { message: 'x', cause: { message: 'y' } },
    });
  });

  it('keeps what is known about a token without being one', () => {
    const lines: string[] = [];
    new Log('info', (line) => lines.push(line)).info('e', {
      token_expires_at: 'then',
      ticketState: 'fresh',
      tokens_count: 3,
    });
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      token_expires_at: 'then',
      ticketState: 'fresh',
      tokens_count: 3,
    });
  });

  it('writes one line per event, whatever the input holds, and none below its level', () => {
    const lines: string[] = [];
    const log = new Log('warn', (line) => lines.push(line));
    log.info('quiet');
    const text = 'a\nb\r\u2028\u0085\u009b31m\u001b[2J\u202e"}\u0000\ud800 小店 é';
    log.error('loud', { text, [text]: 'named by somebody else', big: 10n });
    expect(lines).toHaveLength(1);
    // Nothing that ends a line, moves a cursor or turns the writing around.
    // eslint-disable-next-line no-control-regex
    expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u);
    expect(lines[0]).toContain('小店 é');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ text, big: '10' });
  });
});
