import { describe, expect, it } from '@jest/globals';
import { issuerOf, providersSchema } from './providersSchema.ts';

const google = { name: 'google', issuer: 'https://accounts.google.com', clientId: 'id', clientSecret: 'a secret' };
const github = { name: 'github', type: 'github', clientId: 'id', clientSecret: 'a secret' };
const read = (value: unknown) => providersSchema.parse(JSON.stringify(value));
const problems = (text: string) => providersSchema.safeParse(text).error?.issues.map(({ message }) => message);

describe('the list of providers', () => {
  it('needs little for Google and GitHub', () => {
    expect(read([google, github])).toEqual([
      { ...google, type: 'oidc', scopes: ['openid', 'email', 'profile'], clientAuth: 'client_secret_post' },
      { ...github, url: 'https://github.com', apiUrl: 'https://api.github.com', scopes: ['read:user', 'user:email'] },
    ]);
    expect(read([google, github]).map(issuerOf)).toEqual([
      'https://accounts.google.com/',
      'https://github.com/login/oauth',
    ]);
  });

  it('may name a server on this machine without TLS, and no other', () => {
    expect(read([{ ...google, issuer: 'http://127.0.0.1:4100' }])).toHaveLength(1);
    for (const issuer of ['http://accounts.google.com', 'http://127.0.0.1.evil.example', 'ftp://127.0.0.1', 'google'])
      expect(problems(JSON.stringify([{ ...google, issuer }]))).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['no list', google],
    ['an unknown type', [{ ...google, type: 'saml' }]],
    ['an unknown field', [{ ...google, hint: 'x' }]],
    ['no secret', [{ ...google, clientSecret: undefined }]],
    ['a name that is no path', [{ ...google, name: '../x' }]],
    ['no openid', [{ ...google, scopes: ['email'] }]],
    ['two of one name', [google, { ...github, name: 'google' }]],
    ['two of one issuer', [google, { ...google, name: 'other', issuer: 'https://accounts.google.com/' }]],
  ])('is refused with %s, and shows no secret', (_name, value) => {
    const found = problems(JSON.stringify(value));
    expect(found?.length).toBeGreaterThan(0);
    expect(found?.join()).not.toContain('a secret');
  });

  it('has to be JSON', () => {
    expect(problems('google')).toEqual(['Must be a JSON list of providers']);
  });
});
