/**
 * What `npm install` and `npm ci` leave behind: Prisma's clients, the explorer's local files and the SDK's package. Plain JavaScript, because
 * it also runs where devDependencies are omitted: there is nothing to make them with, and an image copies them from the
 * stage that built them.
 */
const tools = ['tsx', 'prisma', 'vite', 'typescript7'];

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
  const [{ ensurePrismaClients }, { buildExplorer }, { buildSdk }] = await Promise.all([
    import('./prismaClients.ts'),
    import('./buildExplorer.ts'),
    import('./buildSdk.ts'),
  ]);
  const start = performance.now();
  await Promise.all([ensurePrismaClients(), buildExplorer(), buildSdk()]);
  console.log(`Prisma clients, the explorer and the SDK: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
