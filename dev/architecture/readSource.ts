import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** What a source file reaches for: `target` is a path in the repository, or the name of a package (`pkg:zod`, `node:fs`). */
export type SourceFacts = {
  imports: { target: string; line: number }[];
  /** The lines that touch process.env. */
  envReads: number[];
};

const folders = ['platform', 'events', 'schema', 'prisma', 'dev'];

/** The imports (static, dynamic, in types, re-exports, require) and the reads of process.env in one file. */
export function readSource(path: string, text: string): SourceFacts {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const facts: SourceFacts = { imports: [], envReads: [] };
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) facts.imports.push({ target: resolve(path, specifier), line: lineOf(node) });
    if (readsEnv(node)) facts.envReads.push(lineOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return facts;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? literal(node.arguments[0]) : undefined;
}

const literal = (node: ts.Node | undefined): string | undefined =>
  node && ts.isStringLiteralLike(node) ? node.text : undefined;

/** `process.env`, `process['env']`, `const { env } = process`, and env taken from node:process. */
function readsEnv(node: ts.Node): boolean {
  const isProcess = (candidate: ts.Node | undefined) =>
    candidate !== undefined && ts.isIdentifier(candidate) && candidate.text === 'process';
  if (ts.isPropertyAccessExpression(node)) {
    return isProcess(node.expression) && node.name.text === 'env' && !isAssigned(node.parent);
  }
  if (ts.isElementAccessExpression(node))
    return isProcess(node.expression) && literal(node.argumentExpression) === 'env';
  if (ts.isVariableDeclaration(node)) {
    if (!isProcess(node.initializer) || !ts.isObjectBindingPattern(node.name)) return false;
    return node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env');
  }
  if (ts.isImportSpecifier(node)) {
    const from = literal(node.parent.parent.parent.moduleSpecifier);
    return (from === 'node:process' || from === 'process') && (node.propertyName ?? node.name).text === 'env';
  }
  return false;
}

/** `process.env.X = …` and `??=`: a switch for a library, not a read of the configuration. */
function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  const { kind } = parent.operatorToken;
  return kind === ts.SyntaxKind.EqualsToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken;
}

function resolve(path: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(path), specifier);
  const own = /^#(\w+)\/(.*)$/.exec(specifier);
  if (own && folders.includes(own[1] as string)) return `${own[1]}/${own[2]}`;
  if (specifier === '@taskgraph/sdk' || specifier.startsWith('@taskgraph/sdk/')) return `sdk${specifier.slice(14)}`;
  return specifier.startsWith('node:') ? specifier : `pkg:${specifier}`;
}
