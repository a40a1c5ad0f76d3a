/** A server program: where it is, what its libraries need in the environment, and how it was found. */
export type Binary = {
  path: string;
  env: NodeJS.ProcessEnv;
  from: 'PATH' | 'packages';
  /** Programs that come before it and can't be used, each with the reason. */
  passedOver?: string[];
};
