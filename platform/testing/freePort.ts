/** A free port out of 20000–32767, tested by listening on it. */
export { freePort } from '#dev/servers/ports.ts';
