export {
  type Arguments,
  type Client,
  type ClientOptions,
  createClient,
  type RequestOptions,
  type Token,
} from './createClient.ts';
export * from './generated/documents.ts';
export { keepSignedIn, type SignedIn, type SignedInOptions, type Tokens } from './keepSignedIn.ts';
export { type LoginUrlOptions, loginUrl } from './loginUrl.ts';
export { newId } from './newId.ts';
export { type FieldProblem, TaskgraphError } from './TaskgraphError.ts';
