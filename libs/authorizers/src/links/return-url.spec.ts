import { describe, expect, it } from '@jest/globals';
import { checkedReturnUrl } from './return-url.ts';

const publicUrl = () => 'http://hub.internal:3000';
const verdict = (url: string, returnUrlHosts?: string[]): string => {
  try {
    checkedReturnUrl(url, { publicUrl, returnUrlHosts });
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('checkedReturnUrl', () => {
  it.each([
    'https://shop.example/done?x=1#y',
    'http://hub.internal/done',
    'http://127.0.0.1:8080/',
    'http://localhost/x',
  ])('accepts %s', (url) => expect(verdict(url)).toBe('ok'));

  it.each([
    'http://shop.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    '//shop.example/',
    '/relative',
    'https://user:pw@shop.example/',
    'https://shop.example\\@evil.example/',
    'https://shop.example/\n',
    'http://127.0.0.1.evil.example/',
    `https://shop.example/${'x'.repeat(3000)}`,
    '',
  ])('refuses %j', (url) => expect(verdict(url)).toBe('invalid_request'));

  it('with a list of hosts accepts those and our own only', () => {
    const hosts = ['shop.example', '.branch.example'];
    expect(verdict('https://shop.example/a', hosts)).toBe('ok');
    expect(verdict('https://a.branch.example/', hosts)).toBe('ok');
    expect(verdict('https://branch.example/', hosts)).toBe('ok');
    expect(verdict('http://hub.internal/', hosts)).toBe('ok');
    expect(verdict('https://notshop.example/', hosts)).toBe('invalid_request');
    expect(verdict('https://evilbranch.example/', hosts)).toBe('invalid_request');
    expect(verdict('https://shop.example.evil.example/', hosts)).toBe('invalid_request');
  });
});
