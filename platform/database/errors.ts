/** One link of an error's chain, in the fields that pg, Node's sockets and Prisma use. */
type Link = {
  /** SQLSTATE (pg), a socket error's name (Node) or P1234 (Prisma). */
  code?: string;
  /** SQLSTATE, where Prisma's adapter has translated the error. */
  originalCode?: string;
  /** The kind into which Prisma's adapter has translated the error. */
  kind?: string;
  message?: string;
  /** The violated constraint: its name (pg), its name or its columns (Prisma). */
  constraint?: string | { index?: string; fields?: string[] };
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
  errors?: unknown[];
};

const connectionCodes = new Set([
  // Node's sockets
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ],
  // Postgres: too many connections, admin_shutdown, crash_shutdown, cannot_connect_now (starting or stopping)
  ...['53300', '57P01', '57P02', '57P03'],
  // It ended a session that was idle for too long, in a transaction (a process was frozen) or not
  ...['25P03', '57P05'],
  // Prisma: can't reach, timed out reaching, connection closed by the server, no connection in the pool, too many
  ...['P1001', 'P1002', 'P1017', 'P2024', 'P2037'],
]);

const connectionKinds = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'TooManyConnections']);

/** What pg says without a code, and Prisma with one that also stands for faults of ours (P2028). */
const connectionMessages = [
  'Unable to start a transaction in the given time',
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client has encountered a connection error and is not queryable',
  'Cannot use a pool after calling end on the pool',
];

/**
 * Whether a statement was refused because a row with the same key exists; with `constraint`, because of that constraint
 * or unique index (its name in the database) or one that has this column. Knows pg's and Prisma's errors.
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return chain(error).some((link) => {
    if (link.code !== '23505' && link.originalCode !== '23505' && link.kind !== 'UniqueConstraintViolation')
      return false;
    if (constraint === undefined) return true;
    return namesOf(link).includes(constraint);
  });
}

/**
 * Whether a transaction was rolled back because of another one (a serialisation failure or a deadlock): it may be run
 * again as it is. Knows pg's and Prisma's errors.
 */
export function isSerializationFailure(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      ['40001', '40P01', 'P2034'].includes(link.code ?? '') ||
      ['40001', '40P01'].includes(link.originalCode ?? '') ||
      link.kind === 'TransactionWriteConflict',
  );
}

/**
 * Whether Postgres could not be reached, went away meanwhile or had no connection to give: nothing is wrong with the
 * request, and what became of it is unknown. Knows pg's, Node's and Prisma's errors.
 */
export function isConnectionError(error: unknown): boolean {
  return chain(error).some((link) => {
    const codes = [link.code, link.originalCode].filter((code) => code !== undefined);
    return (
      codes.some((code) => connectionCodes.has(code) || /^(08|53|58)\w{3}$/.test(code)) ||
      connectionKinds.has(link.kind ?? '') ||
      connectionMessages.some((message) => link.message?.includes(message))
    );
  });
}

/** The error, its causes, and what Prisma's adapter was told, without going in circles. */
function chain(error: unknown): Link[] {
  const links = new Set<Link>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || links.has(value as Link)) return;
    const link = value as Link;
    links.add(link);
    visit(link.cause);
    visit(link.meta?.driverAdapterError);
    if (Array.isArray(link.errors)) link.errors.forEach(visit);
  };
  visit(error);
  return [...links];
}

function namesOf({ constraint }: Link): string[] {
  if (typeof constraint === 'string') return [constraint];
  return [...(constraint?.index ? [constraint.index] : []), ...(constraint?.fields ?? [])];
}
