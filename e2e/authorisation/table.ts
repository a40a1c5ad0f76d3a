/** Who tries. `removed` was an admin; `suspended` is one whose account was
 * suspended; `elsewhere` is the owner of another workspace, `readToken` an owner by a
 * personal access token that may only read. */
export const actors = [
  'anonymous',
  'stranger',
  'removed',
  'suspended',
  'guest',
  'member',
  'admin',
  'owner',
  'elsewhere',
  'readToken',
] as const;
export type Actor = (typeof actors)[number];

/**
 * What becomes of it, in the order of the actors: `ok`, `null`, or the code of the refusal (of the socket's close). A row that begins with `as` has no
 * access of its own: what it belongs to is reached by that other row only. Whoever adds a field adds its row.
 */
export const table: Record<string, string> = {
  'AuditEntry.actor (users)': 'as Workspace.auditLog (users)',
  'AuditEntry.changes (users)': 'as Workspace.auditLog (users)',
  'AuditEntry.subject (users)': 'as Workspace.auditLog (users)',
  'Comment.author (comments)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Comment.task (comments)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'CommentAdded.comment (notifications)': 'as Subscription.commentAdded',
  'CommentAdded.task (notifications)': 'as Subscription.commentAdded',
  'Invitation.inviter (users)': 'as Workspace.invitations (users)',
  'Member.user (users)': 'as Workspace.members (users)',
  'Mutation.acceptInvitation': 'UNAUTHENTICATED ok FORBIDDEN UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.addComment': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND FORBIDDEN',
  'Mutation.addMember':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.archiveWorkspace':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN FORBIDDEN ok NOT_FOUND FORBIDDEN',
  'Mutation.changeMemberRole':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.createInvitationLink':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.createProject':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN ok ok ok NOT_FOUND FORBIDDEN',
  'Mutation.createTask': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN ok ok ok NOT_FOUND FORBIDDEN',
  'Mutation.createWorkspace': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.declineInvitation':
    'UNAUTHENTICATED INVITATION_FOR_ANOTHER INVITATION_FOR_ANOTHER UNAUTHENTICATED INVITATION_FOR_ANOTHER INVITATION_FOR_ANOTHER INVITATION_FOR_ANOTHER INVITATION_FOR_ANOTHER INVITATION_FOR_ANOTHER FORBIDDEN',
  'Mutation.inviteMember':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.leaveWorkspace': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND FORBIDDEN',
  'Mutation.login': 'ok ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.logout': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.logoutEverywhere': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.markNotificationRead':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED NOT_FOUND ok NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN',
  'Mutation.register': 'ok ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.removeMember':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.renameWorkspace':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.resendInvitation':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.restoreWorkspace':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN FORBIDDEN ok NOT_FOUND FORBIDDEN',
  'Mutation.revokeInvitation':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN ok ok NOT_FOUND FORBIDDEN',
  'Mutation.revokeSession': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.transferOwnership':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN FORBIDDEN FORBIDDEN ok NOT_FOUND FORBIDDEN',
  'Mutation.updateTask': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED FORBIDDEN ok ok ok NOT_FOUND FORBIDDEN',
  'Notification.actor (notifications)': 'null null null UNAUTHENTICATED null ok null null null null',
  'Notification.task (notifications)': 'null null null UNAUTHENTICATED null ok null null null null',
  'NotificationReceived.notification (notifications)': 'as Subscription.notificationReceived',
  'Project.tasks (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Project.workspace (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Mutation.changePassword':
    'UNAUTHENTICATED INVALID_CREDENTIALS INVALID_CREDENTIALS UNAUTHENTICATED INVALID_CREDENTIALS INVALID_CREDENTIALS INVALID_CREDENTIALS INVALID_CREDENTIALS INVALID_CREDENTIALS FORBIDDEN',
  'Mutation.requestEmailVerification': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.requestPasswordReset': 'ok ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.resetPassword':
    'LINK_INVALID LINK_INVALID LINK_INVALID UNAUTHENTICATED LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID FORBIDDEN',
  'Mutation.verifyEmail':
    'LINK_INVALID LINK_INVALID LINK_INVALID UNAUTHENTICATED LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID LINK_INVALID FORBIDDEN',
  'Mutation.updateProfile': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.createDownloadLink': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.deleteAccount':
    'UNAUTHENTICATED INVALID_CREDENTIALS INVALID_CREDENTIALS UNAUTHENTICATED INVALID_CREDENTIALS INVALID_CREDENTIALS INVALID_CREDENTIALS INVALID_CREDENTIALS INVALID_CREDENTIALS FORBIDDEN',
  'Mutation.unlinkIdentity':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN',
  'Mutation.createPersonalToken': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok FORBIDDEN',
  'Mutation.revokePersonalToken':
    'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND FORBIDDEN',
  'Mutation.suspendUser':
    'UNAUTHENTICATED FORBIDDEN FORBIDDEN UNAUTHENTICATED FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN',
  'Mutation.restoreUser':
    'UNAUTHENTICATED FORBIDDEN FORBIDDEN UNAUTHENTICATED FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN',
  'Query.accounts':
    'UNAUTHENTICATED FORBIDDEN FORBIDDEN UNAUTHENTICATED FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN FORBIDDEN',
  'Query.loginProviders': 'ok ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.identities': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.personalTokens': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.comment': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND ok',
  'Query.invitation': 'ok ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.me': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.notifications': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.project': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND ok',
  'Query.sessions': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.task': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND ok',
  'Query.tasks': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND ok',
  'Query.unreadNotificationCount': 'UNAUTHENTICATED ok ok UNAUTHENTICATED ok ok ok ok ok ok',
  'Query.workspace': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND UNAUTHENTICATED ok ok ok ok NOT_FOUND ok',
  'Subscription.commentAdded': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND 4403 ok ok ok ok NOT_FOUND ok',
  'Subscription.notificationReceived': 'UNAUTHENTICATED ok ok 4403 ok ok ok ok ok ok',
  'Subscription.taskChanged': 'UNAUTHENTICATED NOT_FOUND NOT_FOUND 4403 ok ok ok ok NOT_FOUND ok',
  'Task.assignee (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Task.comments (comments)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Task.creator (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Task.due (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Task.project (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Task.start (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'TaskChanged.actor (notifications)': 'as Subscription.taskChanged',
  'TaskChanged.task (notifications)': 'as Subscription.taskChanged',
  'UpdateTaskConflict.fields (tasks)': 'as Mutation.updateTask',
  'UpdateTaskConflict.task (tasks)': 'as Mutation.updateTask',
  'User.workspaces (users)': 'null null null UNAUTHENTICATED null null null ok null null',
  'Workspace.auditLog (users)': 'null null null UNAUTHENTICATED null null ok ok null ok',
  'Workspace.invitations (users)': 'null null null UNAUTHENTICATED null null ok ok null ok',
  'Workspace.members (users)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  'Workspace.projects (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities Comment (comments)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities Notification (notifications)': 'null null null UNAUTHENTICATED null ok null null null null',
  '_entities Project (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities Task (comments)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities Task (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities User (users)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities Workspace (tasks)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
  '_entities Workspace (users)': 'null null null UNAUTHENTICATED ok ok ok ok null ok',
};
