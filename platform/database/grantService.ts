import type { ClientBase } from 'pg';

/**
 * Gives a service's login what it needs in the database that `client`, its owner, is connected to: rows of every table, now
 * and of later migrations, sequences and functions; no DDL, no TRUNCATE, and of the migration history only a look.
 *
 * @returns reasons why that login can do more all the same (it is a superuser, or owns something here)
 */
export async function grantService(client: ClientBase, login: string): Promise<string[]> {
  const { rows } = await client.query<{ superuser: boolean; owner: boolean; database: string }>(
    `SELECT rolsuper AS superuser, current_database() AS database,
            EXISTS (SELECT FROM pg_class WHERE relnamespace::regnamespace::text IN ('public', 'backbone')
                       AND pg_has_role($1, relowner, 'USAGE'))
            OR has_schema_privilege($1, 'public', 'CREATE') AS owner
       FROM pg_roles WHERE rolname = $1`,
    [login],
  );
  const [role] = rows;
  if (!role) throw new Error(`There is no login ${login} to grant anything to`);
  const to = client.escapeIdentifier(login);
  await client.query(`
    BEGIN;
    GRANT CONNECT ON DATABASE ${client.escapeIdentifier(role.database)} TO ${to};
    GRANT USAGE ON SCHEMA public, backbone TO ${to};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, backbone TO ${to};
    REVOKE INSERT, UPDATE, DELETE ON public._prisma_migrations FROM ${to};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public, backbone TO ${to};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, backbone TO ${to};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public, backbone GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${to};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public, backbone GRANT USAGE, SELECT ON SEQUENCES TO ${to};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public, backbone GRANT EXECUTE ON FUNCTIONS TO ${to};
    COMMIT;
  `);
  return [
    ...(role.superuser ? [`${login} is a superuser`] : []),
    ...(role.owner && !role.superuser ? [`${login} owns tables here, or may create some`] : []),
  ];
}
