import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Project as ProjectModel } from '../domain/project.ts';
import type { TaskDate as TaskDateModel } from '../domain/taskDate.ts';
import type { Task as TaskModel } from '../domain/task.ts';
import type { TaskConnection as TaskConnectionModel } from '../domain/taskConnection.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A day of the calendar, from 1900 to 9999: `2026-11-20`. */
  Date: { input: string; output: string; }
  /** An instant as RFC 3339 in UTC, with milliseconds: `2026-11-20T09:30:00.000Z`. */
  DateTime: { input: Date; output: Date; }
  _FieldSet: { input: unknown; output: unknown; }
};

export type CreateProjectInput = {
  /** The client's own UUIDv7, which makes a retry safe. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** 2 to 10 characters, A to Z and digits, a letter first. Unique in its workspace. */
  key: Scalars['String']['input'];
  /** 1 to 80 characters. */
  name: Scalars['String']['input'];
  workspaceId: Scalars['ID']['input'];
};

export type CreateProjectPayload = {
  __typename?: 'CreateProjectPayload';
  project: Project;
};

export type CreateTaskInput = {
  /** A member of the project's workspace. */
  assigneeId?: InputMaybe<Scalars['ID']['input']>;
  /** Markdown, at most 50,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  due?: InputMaybe<TaskDateInput>;
  /** 0 to 1000 points. */
  estimate?: InputMaybe<Scalars['Int']['input']>;
  /** The client's own UUIDv7, which makes a retry safe. */
  id?: InputMaybe<Scalars['ID']['input']>;
  /** NONE unless given. */
  priority?: InputMaybe<TaskPriority>;
  projectId: Scalars['ID']['input'];
  /** Not after `due`. */
  start?: InputMaybe<TaskDateInput>;
  status?: TaskStatus;
  /** 1 to 500 characters. */
  title: Scalars['String']['input'];
};

export type CreateTaskPayload = {
  __typename?: 'CreateTaskPayload';
  task: Task;
};

/** Compares days; of an instant, the day in its own time zone. */
export type DateFilter = {
  eq?: InputMaybe<Scalars['Date']['input']>;
  gt?: InputMaybe<Scalars['Date']['input']>;
  gte?: InputMaybe<Scalars['Date']['input']>;
  in?: InputMaybe<Array<Scalars['Date']['input']>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Date']['input']>;
  lte?: InputMaybe<Scalars['Date']['input']>;
  neq?: InputMaybe<Scalars['Date']['input']>;
  notIn?: InputMaybe<Array<Scalars['Date']['input']>>;
  /** From today on for as long as this duration (ISO 8601, of whole days): `P7D`, `P2W`, `P1M`. */
  within?: InputMaybe<Scalars['String']['input']>;
};

export type DateTimeFilter = {
  eq?: InputMaybe<Scalars['DateTime']['input']>;
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  in?: InputMaybe<Array<Scalars['DateTime']['input']>>;
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  lte?: InputMaybe<Scalars['DateTime']['input']>;
  neq?: InputMaybe<Scalars['DateTime']['input']>;
  notIn?: InputMaybe<Array<Scalars['DateTime']['input']>>;
};

/** One field that both sides changed. Values are JSON texts. */
export type FieldConflict = {
  __typename?: 'FieldConflict';
  /** At the version that the client saw; null when that version was lost, as the data was restored from a backup. */
  base: Scalars['String']['output'];
  field: Scalars['String']['output'];
  theirs: Scalars['String']['output'];
  yours: Scalars['String']['output'];
};

export type IdFilter = {
  eq?: InputMaybe<Scalars['ID']['input']>;
  in?: InputMaybe<Array<Scalars['ID']['input']>>;
  neq?: InputMaybe<Scalars['ID']['input']>;
  notIn?: InputMaybe<Array<Scalars['ID']['input']>>;
};

export type IntFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  in?: InputMaybe<Array<Scalars['Int']['input']>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  neq?: InputMaybe<Scalars['Int']['input']>;
  notIn?: InputMaybe<Array<Scalars['Int']['input']>>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Create a project. Guests may not.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED, ID_TAKEN, KEY_TAKEN, SERVICE_UNAVAILABLE.
   */
  createProject: CreateProjectPayload;
  /**
   * Create a task. Guests may not. The assignee has to be a member, and the start not after the due date.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED, ID_TAKEN, SERVICE_UNAVAILABLE.
   */
  createTask: CreateTaskPayload;
  /**
   * Change a task. Fields that are left out stay. Edits of different fields merge; edits of the same field since the version
   * that the client saw come back as UpdateTaskConflict, and nothing is written. A value that the field had at that version is
   * no edit of it.
   * Codes: BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, WORKSPACE_ARCHIVED, SERVICE_UNAVAILABLE.
   */
  updateTask: UpdateTaskResult;
};


export type MutationCreateProjectArgs = {
  input: CreateProjectInput;
};


export type MutationCreateTaskArgs = {
  input: CreateTaskInput;
};


export type MutationUpdateTaskArgs = {
  input: UpdateTaskInput;
};

export type NullsOrder =
  | 'FIRST'
  | 'LAST';

export type OrderDirection =
  | 'ASC'
  | 'DESC';

/** Relay's page information: https://relay.dev/graphql/connections.htm */
export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** Tasks that belong together. Its key begins the name of each task: WEB-42. */
export type Project = {
  __typename?: 'Project';
  createdAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  /** 2 to 10 characters, A to Z and digits, a letter first. Unique in its workspace. */
  key: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** Its tasks, the newest first unless `orderBy` says otherwise. The arguments are those of Query.tasks. */
  tasks: TaskConnection;
  viewerCanCreateTasks: Scalars['Boolean']['output'];
  /** Null while more than its id is asked for and workspaces are unavailable. */
  workspace?: Maybe<Workspace>;
};


/** Tasks that belong together. Its key begins the name of each task: WEB-42. */
export type ProjectTasksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TaskFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<TaskOrder>>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type ProjectConnection = {
  __typename?: 'ProjectConnection';
  edges: Array<ProjectEdge>;
  nodes: Array<Project>;
  pageInfo: PageInfo;
};

export type ProjectEdge = {
  __typename?: 'ProjectEdge';
  cursor: Scalars['String']['output'];
  node: Project;
};

export type Query = {
  __typename?: 'Query';
  /** A project in a workspace that the viewer is a member of. Anything else is NOT_FOUND. */
  project?: Maybe<Project>;
  /** A task in a workspace that the viewer is a member of. Anything else is NOT_FOUND. */
  task?: Maybe<Task>;
  /**
   * The tasks of a workspace or of a project: name one of them. Without `orderBy` the newest come first. `first` is 20 unless given, at
   * most 100; `first` goes with `after`, `last` with `before`. A cursor is good for the same list, filter and order only.
   * `timeZone` (UTC unless given) decides which day is today, for `overdue` and `within`.
   * Codes: BAD_USER_INPUT, NOT_FOUND, SERVICE_UNAVAILABLE.
   */
  tasks?: Maybe<TaskConnection>;
};


export type QueryProjectArgs = {
  id: Scalars['ID']['input'];
};


export type QueryTaskArgs = {
  id: Scalars['ID']['input'];
};


export type QueryTasksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TaskFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<TaskOrder>>;
  projectId?: InputMaybe<Scalars['ID']['input']>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
  workspaceId?: InputMaybe<Scalars['ID']['input']>;
};

/** A piece of work. */
export type Task = {
  __typename?: 'Task';
  assignee?: Maybe<User>;
  createdAt: Scalars['DateTime']['output'];
  creator?: Maybe<User>;
  /** Markdown (CommonMark), as it was written: render it without the HTML in it. Empty when there is none. */
  description: Scalars['String']['output'];
  due?: Maybe<TaskDate>;
  /** In points, by whatever measure the team has. */
  estimate?: Maybe<Scalars['Int']['output']>;
  id: Scalars['ID']['output'];
  /** The project's key and the task's number in it: WEB-42. */
  key: Scalars['String']['output'];
  number: Scalars['Int']['output'];
  priority: TaskPriority;
  project: Project;
  start?: Maybe<TaskDate>;
  status: TaskStatus;
  title: Scalars['String']['output'];
  updatedAt: Scalars['DateTime']['output'];
  /** Rises by one with each change. updateTask takes the version that the client saw. */
  version: Scalars['Int']['output'];
  viewerCanUpdate: Scalars['Boolean']['output'];
};

export type TaskConnection = {
  __typename?: 'TaskConnection';
  edges: Array<TaskEdge>;
  nodes: Array<Task>;
  pageInfo: PageInfo;
  /** How many match the filter, on all pages. Counted only when it is asked for. */
  totalCount: Scalars['Int']['output'];
};

/**
 * When work begins or is due: a whole day, or an instant in a time zone. A whole day has only `date`, and is that day wherever
 * somebody is. An instant has all three.
 */
export type TaskDate = {
  __typename?: 'TaskDate';
  at?: Maybe<Scalars['DateTime']['output']>;
  /** The day; of an instant, the day in its time zone. */
  date: Scalars['Date']['output'];
  /** A name of the IANA time zone database: `Europe/Berlin`. */
  timeZone?: Maybe<Scalars['String']['output']>;
};

/** Either `date` alone, or `at` together with `timeZone`. */
export type TaskDateInput = {
  at?: InputMaybe<Scalars['DateTime']['input']>;
  date?: InputMaybe<Scalars['Date']['input']>;
  /** A name of the IANA time zone database: `Europe/Berlin`. */
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type TaskEdge = {
  __typename?: 'TaskEdge';
  cursor: Scalars['String']['output'];
  node: Task;
};

/**
 * Conditions that a task has to meet, all of them. A comparison with what a task doesn't have is false, so `neq`, `notIn` and `not`
 * match where there is no value. Null is no condition: leave the field out, or use isNull. At most 10 deep, and 200 comparisons;
 * each value in a list is one.
 */
export type TaskFilter = {
  /** All of these; of none, true. */
  and?: InputMaybe<Array<TaskFilter>>;
  assigneeId?: InputMaybe<UserFilter>;
  createdAt?: InputMaybe<DateTimeFilter>;
  creatorId?: InputMaybe<UserFilter>;
  description?: InputMaybe<TextFilter>;
  due?: InputMaybe<DateFilter>;
  estimate?: InputMaybe<IntFilter>;
  id?: InputMaybe<IdFilter>;
  not?: InputMaybe<TaskFilter>;
  number?: InputMaybe<IntFilter>;
  /** One of these at least; of none, false. */
  or?: InputMaybe<Array<TaskFilter>>;
  /** The due date has passed, and the task is neither done nor canceled. A whole day has passed when it has ended. */
  overdue?: InputMaybe<Scalars['Boolean']['input']>;
  priority?: InputMaybe<TaskPriorityFilter>;
  projectId?: InputMaybe<IdFilter>;
  start?: InputMaybe<DateFilter>;
  status?: InputMaybe<TaskStatusFilter>;
  title?: InputMaybe<TextFilter>;
  updatedAt?: InputMaybe<DateTimeFilter>;
};

/** One key of an order; up to 5, each field once. What is equal by all of them is ordered by id. */
export type TaskOrder = {
  direction?: OrderDirection;
  field: TaskOrderField;
  /** For START, DUE and ESTIMATE only: where tasks without one are. LAST unless given, in either direction. */
  nulls?: InputMaybe<NullsOrder>;
};

export type TaskOrderField =
  | 'CREATED_AT'
  /** By the day, then by the instant; whole days come after the instants in them. */
  | 'DUE'
  | 'ESTIMATE'
  | 'NUMBER'
  | 'PRIORITY'
  /** By the day, then by the instant; whole days come after the instants in them. */
  | 'START'
  | 'STATUS'
  | 'TITLE'
  | 'UPDATED_AT';

/** From the least to the most urgent, which is also their order. */
export type TaskPriority =
  | 'HIGH'
  | 'LOW'
  | 'MEDIUM'
  | 'NONE'
  | 'URGENT';

/** NONE is the least, URGENT the most. */
export type TaskPriorityFilter = {
  eq?: InputMaybe<TaskPriority>;
  gt?: InputMaybe<TaskPriority>;
  gte?: InputMaybe<TaskPriority>;
  in?: InputMaybe<Array<TaskPriority>>;
  lt?: InputMaybe<TaskPriority>;
  lte?: InputMaybe<TaskPriority>;
  neq?: InputMaybe<TaskPriority>;
  notIn?: InputMaybe<Array<TaskPriority>>;
};

export type TaskStatus =
  | 'BACKLOG'
  | 'CANCELED'
  | 'DONE'
  | 'IN_PROGRESS'
  | 'TODO';

export type TaskStatusFilter = {
  eq?: InputMaybe<TaskStatus>;
  in?: InputMaybe<Array<TaskStatus>>;
  neq?: InputMaybe<TaskStatus>;
  notIn?: InputMaybe<Array<TaskStatus>>;
};

/** Texts of up to 500 characters. */
export type TextFilter = {
  /** In upper or lower case. */
  contains?: InputMaybe<Scalars['String']['input']>;
  eq?: InputMaybe<Scalars['String']['input']>;
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  neq?: InputMaybe<Scalars['String']['input']>;
  notIn?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** Somebody else changed the same field first. Nothing was written. */
export type UpdateTaskConflict = {
  __typename?: 'UpdateTaskConflict';
  fields: Array<FieldConflict>;
  /** The task as it is now. */
  task: Task;
};

export type UpdateTaskInput = {
  /** A member of the project's workspace; null for nobody. */
  assigneeId?: InputMaybe<Scalars['ID']['input']>;
  /** Markdown, at most 50,000 characters; empty for none. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** Null for none. */
  due?: InputMaybe<TaskDateInput>;
  /** 0 to 1000 points; null for none. */
  estimate?: InputMaybe<Scalars['Int']['input']>;
  id: Scalars['ID']['input'];
  priority?: InputMaybe<TaskPriority>;
  /** Not after `due`. Null for none. */
  start?: InputMaybe<TaskDateInput>;
  status?: InputMaybe<TaskStatus>;
  /** 1 to 500 characters. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** The version that the client saw. */
  version: Scalars['Int']['input'];
};

export type UpdateTaskPayload = {
  __typename?: 'UpdateTaskPayload';
  task: Task;
};

export type UpdateTaskResult = UpdateTaskConflict | UpdateTaskPayload;

/** A person with an account. */
export type User = {
  __typename?: 'User';
  id: Scalars['ID']['output'];
};

/** A person's id; `me` is the viewer's. */
export type UserFilter = {
  eq?: InputMaybe<Scalars['ID']['input']>;
  in?: InputMaybe<Array<Scalars['ID']['input']>>;
  isNull?: InputMaybe<Scalars['Boolean']['input']>;
  neq?: InputMaybe<Scalars['ID']['input']>;
  notIn?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** A team's place: projects live in it. */
export type Workspace = {
  __typename?: 'Workspace';
  id: Scalars['ID']['output'];
  /** Projects, the oldest first. Null while tasks are unavailable. */
  projects?: Maybe<ProjectConnection>;
  /** Null while tasks are unavailable. */
  viewerCanCreateProjects?: Maybe<Scalars['Boolean']['output']>;
};


/** A team's place: projects live in it. */
export type WorkspaceProjectsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Project: Project;
  Task: Task;
  Workspace: Workspace;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Project:
    ( { __typename: 'Project' }
    & GraphQLRecursivePick<FederationTypes['Project'], {"id":true}> );
  Task:
    ( { __typename: 'Task' }
    & GraphQLRecursivePick<FederationTypes['Task'], {"id":true}> );
  Workspace:
    ( { __typename: 'Workspace' }
    & GraphQLRecursivePick<FederationTypes['Workspace'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  UpdateTaskResult:
    | ( Omit<UpdateTaskConflict, 'task'> & { task: _RefType['Task'] } )
    | ( Omit<UpdateTaskPayload, 'task'> & { task: _RefType['Task'] } )
  ;
};


/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  CreateProjectInput: CreateProjectInput;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  CreateProjectPayload: ResolverTypeWrapper<Omit<CreateProjectPayload, 'project'> & { project: ResolversTypes['Project'] }>;
  CreateTaskInput: CreateTaskInput;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  CreateTaskPayload: ResolverTypeWrapper<Omit<CreateTaskPayload, 'task'> & { task: ResolversTypes['Task'] }>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateFilter: DateFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DateTimeFilter: DateTimeFilter;
  FieldConflict: ResolverTypeWrapper<FieldConflict>;
  IdFilter: IdFilter;
  IntFilter: IntFilter;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  NullsOrder: NullsOrder;
  OrderDirection: OrderDirection;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Project: ResolverTypeWrapper<ProjectModel>;
  ProjectConnection: ResolverTypeWrapper<Omit<ProjectConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['ProjectEdge']>, nodes: Array<ResolversTypes['Project']> }>;
  ProjectEdge: ResolverTypeWrapper<Omit<ProjectEdge, 'node'> & { node: ResolversTypes['Project'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Task: ResolverTypeWrapper<TaskModel>;
  TaskConnection: ResolverTypeWrapper<TaskConnectionModel>;
  TaskDate: ResolverTypeWrapper<TaskDateModel>;
  TaskDateInput: TaskDateInput;
  TaskEdge: ResolverTypeWrapper<Omit<TaskEdge, 'node'> & { node: ResolversTypes['Task'] }>;
  TaskFilter: TaskFilter;
  TaskOrder: TaskOrder;
  TaskOrderField: TaskOrderField;
  TaskPriority: TaskPriority;
  TaskPriorityFilter: TaskPriorityFilter;
  TaskStatus: TaskStatus;
  TaskStatusFilter: TaskStatusFilter;
  TextFilter: TextFilter;
  UpdateTaskConflict: ResolverTypeWrapper<Omit<UpdateTaskConflict, 'task'> & { task: ResolversTypes['Task'] }>;
  UpdateTaskInput: UpdateTaskInput;
  UpdateTaskPayload: ResolverTypeWrapper<Omit<UpdateTaskPayload, 'task'> & { task: ResolversTypes['Task'] }>;
  UpdateTaskResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateTaskResult']>;
  User: ResolverTypeWrapper<{ id: string }>;
  UserFilter: UserFilter;
  Workspace: ResolverTypeWrapper<{ id: string }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  CreateProjectInput: CreateProjectInput;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  CreateProjectPayload: Omit<CreateProjectPayload, 'project'> & { project: ResolversParentTypes['Project'] };
  CreateTaskInput: CreateTaskInput;
  Int: Scalars['Int']['output'];
  CreateTaskPayload: Omit<CreateTaskPayload, 'task'> & { task: ResolversParentTypes['Task'] };
  Date: Scalars['Date']['output'];
  DateFilter: DateFilter;
  Boolean: Scalars['Boolean']['output'];
  DateTime: Scalars['DateTime']['output'];
  DateTimeFilter: DateTimeFilter;
  FieldConflict: FieldConflict;
  IdFilter: IdFilter;
  IntFilter: IntFilter;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Project: ProjectModel;
  ProjectConnection: Omit<ProjectConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['ProjectEdge']>, nodes: Array<ResolversParentTypes['Project']> };
  ProjectEdge: Omit<ProjectEdge, 'node'> & { node: ResolversParentTypes['Project'] };
  Query: Record<PropertyKey, never>;
  Task: TaskModel;
  TaskConnection: TaskConnectionModel;
  TaskDate: TaskDateModel;
  TaskDateInput: TaskDateInput;
  TaskEdge: Omit<TaskEdge, 'node'> & { node: ResolversParentTypes['Task'] };
  TaskFilter: TaskFilter;
  TaskOrder: TaskOrder;
  TaskPriorityFilter: TaskPriorityFilter;
  TaskStatusFilter: TaskStatusFilter;
  TextFilter: TextFilter;
  UpdateTaskConflict: Omit<UpdateTaskConflict, 'task'> & { task: ResolversParentTypes['Task'] };
  UpdateTaskInput: UpdateTaskInput;
  UpdateTaskPayload: Omit<UpdateTaskPayload, 'task'> & { task: ResolversParentTypes['Task'] };
  UpdateTaskResult: ResolversUnionTypes<ResolversParentTypes>['UpdateTaskResult'];
  User: { id: string };
  UserFilter: UserFilter;
  Workspace: { id: string };
};

export type CreateProjectPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateProjectPayload'] = ResolversParentTypes['CreateProjectPayload']> = {
  project?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
};

export type CreateTaskPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateTaskPayload'] = ResolversParentTypes['CreateTaskPayload']> = {
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
};

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type FieldConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FieldConflict'] = ResolversParentTypes['FieldConflict']> = {
  base?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  theirs?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  yours?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createProject?: Resolver<ResolversTypes['CreateProjectPayload'], ParentType, ContextType, RequireFields<MutationCreateProjectArgs, 'input'>>;
  createTask?: Resolver<ResolversTypes['CreateTaskPayload'], ParentType, ContextType, RequireFields<MutationCreateTaskArgs, 'input'>>;
  updateTask?: Resolver<ResolversTypes['UpdateTaskResult'], ParentType, ContextType, RequireFields<MutationUpdateTaskArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project'], FederationReferenceType extends FederationReferenceTypes['Project'] = FederationReferenceTypes['Project']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Project']> | FederationReferenceType, FederationReferenceType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tasks?: Resolver<ResolversTypes['TaskConnection'], ParentType, ContextType, Partial<ProjectTasksArgs>>;
  viewerCanCreateTasks?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>;
};

export type ProjectConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectConnection'] = ResolversParentTypes['ProjectConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProjectEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Project']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProjectEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProjectEdge'] = ResolversParentTypes['ProjectEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType, RequireFields<QueryProjectArgs, 'id'>>;
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType, RequireFields<QueryTaskArgs, 'id'>>;
  tasks?: Resolver<Maybe<ResolversTypes['TaskConnection']>, ParentType, ContextType, Partial<QueryTasksArgs>>;
};

export type TaskResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Task'] = ResolversParentTypes['Task'], FederationReferenceType extends FederationReferenceTypes['Task'] = FederationReferenceTypes['Task']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Task']> | FederationReferenceType, FederationReferenceType, ContextType>;
  assignee?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  creator?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  due?: Resolver<Maybe<ResolversTypes['TaskDate']>, ParentType, ContextType>;
  estimate?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  priority?: Resolver<ResolversTypes['TaskPriority'], ParentType, ContextType>;
  project?: Resolver<ResolversTypes['Project'], ParentType, ContextType>;
  start?: Resolver<Maybe<ResolversTypes['TaskDate']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TaskStatus'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  viewerCanUpdate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type TaskConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskConnection'] = ResolversParentTypes['TaskConnection']> = {
  edges?: Resolver<Array<ResolversTypes['TaskEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Task']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TaskDateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskDate'] = ResolversParentTypes['TaskDate']> = {
  at?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  date?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  timeZone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TaskEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskEdge'] = ResolversParentTypes['TaskEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
};

export type UpdateTaskConflictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateTaskConflict'] = ResolversParentTypes['UpdateTaskConflict']> = {
  fields?: Resolver<Array<ResolversTypes['FieldConflict']>, ParentType, ContextType>;
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateTaskPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateTaskPayload'] = ResolversParentTypes['UpdateTaskPayload']> = {
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateTaskResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateTaskResult'] = ResolversParentTypes['UpdateTaskResult']> = {
  __resolveType: TypeResolveFn<'UpdateTaskConflict' | 'UpdateTaskPayload', ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type WorkspaceResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Workspace'] = ResolversParentTypes['Workspace'], FederationReferenceType extends FederationReferenceTypes['Workspace'] = FederationReferenceTypes['Workspace']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Workspace']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  projects?: Resolver<Maybe<ResolversTypes['ProjectConnection']>, ParentType, ContextType, Partial<WorkspaceProjectsArgs>>;
  viewerCanCreateProjects?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  CreateProjectPayload?: CreateProjectPayloadResolvers<ContextType>;
  CreateTaskPayload?: CreateTaskPayloadResolvers<ContextType>;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  FieldConflict?: FieldConflictResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Project?: ProjectResolvers<ContextType>;
  ProjectConnection?: ProjectConnectionResolvers<ContextType>;
  ProjectEdge?: ProjectEdgeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Task?: TaskResolvers<ContextType>;
  TaskConnection?: TaskConnectionResolvers<ContextType>;
  TaskDate?: TaskDateResolvers<ContextType>;
  TaskEdge?: TaskEdgeResolvers<ContextType>;
  UpdateTaskConflict?: UpdateTaskConflictResolvers<ContextType>;
  UpdateTaskPayload?: UpdateTaskPayloadResolvers<ContextType>;
  UpdateTaskResult?: UpdateTaskResultResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  Workspace?: WorkspaceResolvers<ContextType>;
};

