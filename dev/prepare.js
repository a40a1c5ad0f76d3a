/**
 * What `npm install` and `npm ci` leave behind: Prisma's clients and the explorer's local files. Plain JavaScript, because
 * it also runs where devDependencies are omitted: there is nothing to make them with, and an image copies them from the
 * stage that built them.
 */
const tools = ['tsx', 'prisma', 'vite'];

/** @param {string} name */
const isInstalled = (name) => {
  try {
    import.meta.resolve(name);
    return true;
  } catch (error) {
    return error.code !== 'ERR_MODULE_NOT_FOUND';
  }
};

if (!tools.every(isInstalled)) {
  console.log('devDependencies are omitted: nothing is generated');
} else {
  const { register } = await import('tsx/esm/api');
  register();
  const [{ ensurePrismaClients }, { buildExplorer }] = await Promise.all([
    import('./prismaClients.ts'),
    import('./buildExplorer.ts'),
  ]);
  const start = performance.now();
  await Promise.all([ensurePrismaClients(), buildExplorer()]);
  console.log(`Prisma clients and the explorer: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
