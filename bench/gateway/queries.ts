/** A document that is sent again and again, and how many different variables go with it. */
export type BenchQuery = { name: string; document: string; variables: Record<string, unknown>[] };

/**
 * How many projects are asked for in turn. Each has tasks, comments and people of its own: a gateway that asks once for what
 * several clients want at the same time should gain no more by it than it would from real ones.
 */
const projects = 990;

/** As long as any other, so that answers are, too. */
export const projectId = (number: number): string => `p${String(number).padStart(4, '0')}`;
/** Any of them, wherever it stands. */
export const anyProject = /\bp\d{4}\b/g;

/** 20 tasks, the assignee and three comments of each, and the author of each comment: four calls, three steps deep. */
export const nested: BenchQuery = {
  name: 'nested',
  document: `query Board($id: ID!) {
  project(id: $id) {
    key
    name
    tasks(first: 20) {
      nodes {
        id
        key
        title
        status
        updatedAt
        assignee { id name avatarUrl }
        comments(first: 3) { nodes { id body author { id name } } }
      }
    }
  }
}`,
  variables: Array.from({ length: projects }, (_, number) => ({ id: projectId(number) })),
};

/** One call, one flat answer: what a gateway costs by itself. The variable is there to make requests differ. */
export const me: BenchQuery = {
  name: 'me',
  document: 'query Me($seed: String) { me { id name email avatarUrl(seed: $seed) } }',
  variables: Array.from({ length: projects }, (_, number) => ({ seed: projectId(number) })),
};

/** A changed task, who does it, and what was said of it: each event asks two further subgraphs, at the same time. */
export const subscription = `subscription Changes($id: ID!) {
  taskChanged(projectId: $id) {
    cursor
    task {
      id
      key
      title
      status
      updatedAt
      assignee { id name avatarUrl }
      comments(first: 3) { nodes { id body } }
    }
  }
}`;
