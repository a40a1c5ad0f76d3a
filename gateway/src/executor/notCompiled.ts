/** Why a plan isn't compiled: @apollo/gateway's own executor runs it. The text is a label of a metric. */
export class NotCompiled extends Error {}
