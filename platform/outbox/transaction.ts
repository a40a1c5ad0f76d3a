/** What the backbone needs of a Prisma transaction: raw SQL, inside the same transaction as the change itself. */
export type SqlTransaction = {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): Promise<Rows>;
};

/** What the backbone needs of a generated PrismaClient. `Tx` is that client's own `Prisma.TransactionClient`. */
export type TransactionRunner<Tx extends SqlTransaction> = {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Result>;
};
