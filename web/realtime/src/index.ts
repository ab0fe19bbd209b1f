// Topics over one socket: follow, lose the connection, come back, miss nothing.
export { Live, type LiveOptions, type LiveStatus, type Follower, type Refusal, type LogEntry } from './live.ts'
export { backoff } from './backoff.ts'
