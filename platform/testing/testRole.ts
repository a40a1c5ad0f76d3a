/** The login of a subgraph on the tests' Postgres; there is nothing to protect. */
export const testPassword = 'test';

/** The URL of `database` on the server of `adminUrl`, as another login. */
export function urlFor(adminUrl: string, { user, database }: { user?: string; database: string }): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (user) {
    url.username = user;
    url.password = testPassword;
  }
  return url.href;
}

/** The migrated database of a subgraph that the test files' databases are copied from. */
export const templateOf = (name: string): string => `template_${name}`;
