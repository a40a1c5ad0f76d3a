import type { ClientBase, Pool } from 'pg';

/** What a schema is made of: each object's name (`index task_pkey`) and its definition, in Postgres' own words. */
export type Catalog = Map<string, string>;

/**
 * Everything in `public`, but for Prisma's own table: columns with type, nullability, default and collation, constraints,
 * indexes, enums, and by name and definition whatever else there is (views, functions, triggers, sequences).
 */
export async function readCatalog(client: ClientBase | Pool): Promise<Catalog> {
  const { rows } = await client.query<{ object: string; definition: string }>(query);
  return new Map(rows.map(({ object, definition }) => [object, definition]));
}

const query = `
WITH relation AS (
  SELECT c.* FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\\_prisma\\_migrations%'
)
SELECT 'table ' || relname AS object,
       CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' ELSE relkind::text END
         || CASE WHEN relrowsecurity THEN ', row security' ELSE '' END AS definition
  FROM relation WHERE relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'column ' || c.relname || '.' || a.attname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod),
         CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation::text END,
         CASE WHEN a.attnotnull THEN 'not null' END,
         CASE WHEN a.attidentity <> '' THEN 'identity ' || a.attidentity::text END,
         CASE WHEN a.attgenerated <> '' THEN 'generated ' || a.attgenerated::text END,
         'default ' || pg_get_expr(d.adbin, d.adrelid))
  FROM relation c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'constraint ' || c.relname || '.' || k.conname,
       pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' (not validated)' END
  FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid
 WHERE k.contype <> 'n' -- 'not null' is said by its column
UNION ALL
SELECT 'index ' || c.relname, pg_get_indexdef(c.oid) || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END
  FROM relation c JOIN pg_index i ON i.indexrelid = c.oid
UNION ALL
SELECT 'enum ' || t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
 WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.oid, t.typname
UNION ALL
SELECT 'sequence ' || relname, 'sequence' FROM relation WHERE relkind = 'S'
UNION ALL
SELECT 'view ' || relname, pg_get_viewdef(oid) FROM relation WHERE relkind IN ('v', 'm')
UNION ALL
SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
UNION ALL
SELECT 'trigger ' || c.relname || '.' || g.tgname, pg_get_triggerdef(g.oid)
  FROM relation c JOIN pg_trigger g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal
ORDER BY 1`;
