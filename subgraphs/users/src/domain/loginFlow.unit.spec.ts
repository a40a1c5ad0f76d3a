import { describe, expect, it } from '@jest/globals';
import { readReturnTo, withError } from './loginFlow.ts';

describe('where a login leads in the end', () => {
  it.each([
    ['/', 'https://app.example/'],
    ['/boards?open=1#top', 'https://app.example/boards?open=1#top'],
    ['/a/../b', 'https://app.example/b'],
    ['/authors', 'https://app.example/authors'],
    ['/caf%C3%A9%20a?b=%61uth#%2Fauth', 'https://app.example/caf%C3%A9%20a?b=%61uth#%2Fauth'],
    ['/x//evil.example', 'https://app.example/x//evil.example'],
    ['/?next=https://evil.example', 'https://app.example/?next=https://evil.example'],
  ])('is %s', (path, url) => {
    expect(readReturnTo(path, 'https://app.example/some/place')).toBe(url);
  });

  it.each([
    '',
    'boards',
    '//evil.example',
    '/\\evil.example',
    '/\n/evil.example',
    'https://app.example/',
    '/auth',
    '/./auth/login/a',
    '/%61uth/download?token=x',
    '/%2561uth/x',
    '/AUTH/x',
    '/auth%2Fx',
    '/x/%2e%2e/auth/z',
    '/x%2f..%2fauth',
    '/x%5c..%5cauth',
    '/%ff',
  ])('is never %j', (path) => {
    expect(readReturnTo(path, 'https://app.example/')).toBeNull();
  });
});

it('says what went wrong next to what the application has in the query, once', () => {
  expect(withError('https://app.example/in?a=b&error=x#top', 'TOO_BUSY', 7)).toBe(
    'https://app.example/in?a=b&error=TOO_BUSY&retryAfter=7#top',
  );
});
