import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

const INCREMENTAL = new Set(['defer', 'stream']);

/** A validation rule that says in plain words what "Unknown directive" means for @defer and @stream. */
export function refuseIncremental(context: ValidationContext): ASTVisitor {
  return {
    Directive(node) {
      const name = node.name.value;
      if (!INCREMENTAL.has(name) || context.getSchema().getDirective(name)) return;
      context.reportError(
        new GraphQLError(`@${name} is not supported: an answer comes whole. Send the operation without it.`, {
          nodes: node,
        }),
      );
    },
  };
}
