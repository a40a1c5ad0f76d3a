/**
 * What a thread that hashes runs. Text, not a module: so it is at hand in a service's bundle as well as where the source runs as
 * it is, without a second file to find or a loader to start. `workerData`: where the argon2 package is.
 *
 * On Linux, priority 0 of setpriority is the calling thread's, elsewhere all of the process': so only there.
 */
export const hasherCode = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { setPriority, constants } = require('node:os');
if (process.platform === 'linux') {
  try {
    setPriority(0, constants.priority.PRIORITY_LOW);
  } catch {
    // Not allowed here: then it hashes as everything else runs.
  }
}
const { hashSync, verifySync } = require(workerData.argon2);
parentPort.on('message', ({ password, against, parameters }) => {
  try {
    const value = against === undefined ? hashSync(password, parameters) : verifySync(against, password);
    parentPort.postMessage({ value });
  } catch (error) {
    parentPort.postMessage({ error: String(error) });
  }
});
`;
