import type { Prisma } from '#prisma/users/client/client.ts';

/** The database as the store sees it: the client, or a transaction of it. */
export type Database = Prisma.TransactionClient;
