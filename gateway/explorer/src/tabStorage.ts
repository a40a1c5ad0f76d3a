import type { Storage as GraphiqlStorage } from '@graphiql/toolkit';

/** The names that GraphiQL keeps things under begin with this. */
const OWN = 'graphiql:';

/**
 * What GraphiQL keeps (editors, sizes), for this tab of the browser alone: two tabs on one localStorage put their operations
 * into each other's editors. A new tab begins with what was written last, so that nothing is lost with the one before.
 */
export function createTabStorage(tab: Storage = sessionStorage, browser: Storage = localStorage): GraphiqlStorage {
  const own = (storage: Storage) => Object.keys(storage).filter((key) => key.startsWith(OWN));
  if (own(tab).length === 0) for (const key of own(browser)) tab.setItem(key, browser.getItem(key) ?? '');
  return {
    getItem: (key) => tab.getItem(key),
    setItem(key, value) {
      tab.setItem(key, value);
      browser.setItem(key, value);
    },
    removeItem(key) {
      tab.removeItem(key);
      browser.removeItem(key);
    },
    clear() {
      for (const storage of [tab, browser]) for (const key of own(storage)) storage.removeItem(key);
    },
    get length() {
      return own(tab).length;
    },
  };
}
